import { implement } from "../lib/implement.ts";
import { StringProto } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

/**
 * Heap statistics of the isolate; per-space and per-code figures are not known outside V8's embedder interface and
 * stay unimplemented.
 */
export const install: InstallBinding = (binding, realm) => {
  const statistics = binding.heapStatisticsBuffer as Float64Array;
  implement(binding, {
    updateHeapStatisticsBuffer() {
      const values = realm.sys.process.heapStatistics();
      for (let i = 0; i < statistics.length; i++) statistics[i] = (values[i] as number | undefined) ?? 0;
    },
    isStringOneByteRepresentation(text: string) {
      for (let i = 0; i < text.length; i++) if (StringProto.charCodeAt(text, i) > 0xff) return false;
      return true;
    },
  });
};
