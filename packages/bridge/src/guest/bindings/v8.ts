import { takeCollectorFlag } from "../lib/collector.ts";
import { profilerClass } from "../lib/gc-profiler.ts";
import { implement } from "../lib/implement.ts";
import { knownHeap, SPACE_FIELDS } from "../lib/known-heap.ts";
import { StringProto } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

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
      copy(heap, realm.native ? realm.native.heapStatistics() : knownHeap(realm));
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
