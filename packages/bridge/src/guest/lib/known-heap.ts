import type { Realm } from "../realm.ts";
import { append } from "./define.ts";

/** How many numbers `v8.getHeapStatistics()` has (src/node_v8.cc), and a space of `v8.getHeapSpaceStatistics()`. */
export const HEAP_FIELDS = 14;
export const SPACE_FIELDS = 4;

/** Where the cell's numbers stand among the fourteen; patch mode knows no others. */
const KNOWN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 13] as const;
const NUMBER_OF_NATIVE_CONTEXTS = 9;

const TOTAL = 0;
const PHYSICAL = 2;
const AVAILABLE = 3;
const USED = 4;

/** The one row in the place of those of the spaces: V8 tells isolated-vm of all of them together. */
export const ALL_SPACES = "all_spaces";

/** What patch mode knows of the heap, in the order of `heapStatisticsBuffer`; 0 for what it does not know. */
export function knownHeap(realm: Realm): number[] {
  const values = realm.sys.process.heapStatistics() as number[];
  const heap: number[] = [];
  for (let i = 0; i < HEAP_FIELDS; i++) append(heap, 0);
  for (let i = 0; i < KNOWN.length; i++) heap[KNOWN[i] as number] = values[i] as number;
  heap[NUMBER_OF_NATIVE_CONTEXTS] = 1;
  return heap;
}

/** The same, and `ALL_SPACES`. */
export function knownSpaces(realm: Realm): readonly number[] {
  const heap = knownHeap(realm);
  const total = [heap[TOTAL], heap[USED], heap[AVAILABLE], heap[PHYSICAL]] as number[];
  for (let i = 0; i < SPACE_FIELDS; i++) append(heap, total[i] as number);
  return heap;
}
