import { jsonStringify } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { type Collection, collectionsOf } from "./collections.ts";
import { append, putOwn } from "./define.ts";
import { NativeDate } from "./intrinsics.ts";
import { ALL_SPACES, HEAP_FIELDS, SPACE_FIELDS } from "./known-heap.ts";
import { looksNative } from "./proxies.ts";

/** What a profile tells of the heap, and where it stands among the numbers of `v8.getHeapStatistics()`. */
const HEAP = {
  totalHeapSize: 0,
  totalHeapSizeExecutable: 1,
  totalPhysicalSize: 2,
  totalAvailableSize: 3,
  totalGlobalHandlesSize: 11,
  usedGlobalHandlesSize: 12,
  usedHeapSize: 4,
  heapSizeLimit: 5,
  mallocedMemory: 6,
  externalMemory: 13,
  peakMallocedMemory: 7,
} as const;

/** `v8::GCType` in words. */
const TYPES: Readonly<Record<number, string>> = {
  1: "Scavenge",
  2: "MinorMarkSweep",
  4: "MarkSweepCompact",
  8: "IncrementalMarking",
  16: "ProcessWeakCallbacks",
};

const MICROSECOND = 1000;
const { now } = NativeDate;

function heapAt(details: readonly number[], start: number, spaceNames: readonly string[]): object {
  const heapStatistics = {};
  for (const name in HEAP) putOwn(heapStatistics, name, details[start + HEAP[name as keyof typeof HEAP]]);
  const heapSpaceStatistics: object[] = [];
  for (let i = 0; i < spaceNames.length; i++) {
    const at = start + HEAP_FIELDS + i * SPACE_FIELDS;
    append(heapSpaceStatistics, {
      spaceName: spaceNames[i],
      spaceSize: details[at],
      spaceUsedSize: details[at + 1],
      spaceAvailableSize: details[at + 2],
      physicalSpaceSize: details[at + 3],
    });
  }
  return { heapStatistics, heapSpaceStatistics };
}

/**
 * `GCProfiler` of src/node_v8.cc: collections with the heap before and after each, as JSON. Without the native helper those
 * the program asks for, and all spaces in one row.
 */
export function profilerClass(realm: Realm, names: readonly string[]): object {
  class GCProfiler {
    #statistics: object[] | undefined;
    #startTime = 0;

    start(): void {
      if (this.#statistics) return;
      const spaceNames = realm.native ? names : [ALL_SPACES];
      const statistics: object[] = [];
      this.#statistics = statistics;
      this.#startTime = now();
      collectionsOf(realm).profile(({ type, sinceStart, sinceEnd, details }: Collection) => {
        append(statistics, {
          gcType: TYPES[type] ?? "Unknown",
          beforeGC: heapAt(details, 0, spaceNames),
          cost: (sinceStart - sinceEnd) / MICROSECOND,
          afterGC: heapAt(details, HEAP_FIELDS + spaceNames.length * SPACE_FIELDS, spaceNames),
        });
      });
    }

    /** @returns nothing where it does not run */
    stop(): string | undefined {
      if (!this.#statistics) return undefined;
      collectionsOf(realm).profile(undefined);
      const statistics = this.#statistics;
      this.#statistics = undefined;
      return jsonStringify({ version: 1, startTime: this.#startTime, statistics, endTime: now() });
    }
  }
  return looksNative(GCProfiler, "GCProfiler");
}
