import { takeCollectorFlag } from "../lib/collector.ts";
import { profilerClass } from "../lib/gc-profiler.ts";
import { implement } from "../lib/implement.ts";
import { StringProto } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

/** Numbers of one space in `heapSpaceStatisticsBuffer` (src/node_v8.h). */
const SPACE_FIELDS = 4;

/** Where the cell's nine numbers stand among the fourteen; patch mode knows no others. */
const KNOWN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 13] as const;
const NUMBER_OF_NATIVE_CONTEXTS = 9;

/** `internalBinding('v8')` (src/node_v8.cc). What only V8's embedder is told needs the native helper. */
export const install: InstallBinding = (binding, realm) => {
  const heap = binding.heapStatisticsBuffer as Float64Array;
  const space = binding.heapSpaceStatisticsBuffer as Float64Array;
  const code = binding.heapCodeStatisticsBuffer as Float64Array;
  const refused = {
    spaces: binding.updateHeapSpaceStatisticsBuffer as () => void,
    code: binding.updateHeapCodeStatisticsBuffer as () => void,
    tag: binding.cachedDataVersionTag as () => number,
    flags: binding.setFlagsFromString as (flags: string) => void,
  };
  const copy = (into: Float64Array, from: readonly number[], start = 0): void => {
    for (let i = 0; i < into.length; i++) into[i] = from[start + i] ?? 0;
  };
  implement(binding, {
    updateHeapStatisticsBuffer() {
      if (realm.native) {
        copy(heap, realm.native.heapStatistics());
        return;
      }
      const values = realm.sys.process.heapStatistics() as number[];
      for (let i = 0; i < KNOWN.length; i++) heap[KNOWN[i] as number] = values[i] as number;
      heap[NUMBER_OF_NATIVE_CONTEXTS] = 1;
    },
    updateHeapSpaceStatisticsBuffer(index: number) {
      if (!realm.native) refused.spaces();
      else copy(space, realm.native.heapSpaces(), index * SPACE_FIELDS);
    },
    updateHeapCodeStatisticsBuffer() {
      if (!realm.native) refused.code();
      else copy(code, realm.native.codeStatistics());
    },
    cachedDataVersionTag: () => realm.native?.cachedDataVersionTag() ?? refused.tag(),
    setFlagsFromString(flags: string) {
      if (!takeCollectorFlag(realm, flags)) refused.flags(flags);
    },
    isStringOneByteRepresentation(text: string) {
      for (let i = 0; i < text.length; i++) if (StringProto.charCodeAt(text, i) > 0xff) return false;
      return true;
    },
  });
  binding.GCProfiler = profilerClass(realm, binding.kHeapSpaces as string[]);
};
