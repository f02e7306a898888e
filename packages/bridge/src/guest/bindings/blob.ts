import { bindingError } from "../lib/binding-error.ts";
import { BlobHandle, joinParts, type Segment } from "../lib/blob-data.ts";
import { bytesOf, joinBytes } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { implement } from "../lib/implement.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { SafeMap, StringProto, typedArrayBuffer } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";
import { absolute } from "./fs-path.ts";

/** Places of size and modification time in a stat result (contract/fs.ts). */
const STAT_SIZE = 8;
const STAT_MTIME = 12;
const STAT_MTIME_NS = 13;
const O_RDONLY = 0;
const STORE = "blob:nodedata:";

const CHECKED = [STAT_SIZE, STAT_MTIME, STAT_MTIME_NS] as const;

/** Whether two stats are of the same contents (`FdEntry::CheckModified` of src/dataqueue/queue.cc). */
function isSame(before: readonly number[], after: readonly number[]): boolean {
  for (let i = 0; i < CHECKED.length; i++) {
    const field = CHECKED[i] as number;
    if (before[field] !== after[field]) return false;
  }
  return true;
}

/** A file as it was when the blob was made; one that was changed since can no longer be read. */
const fileSegment = (realm: Realm, path: string, stat: readonly number[]): Segment => ({
  length: stat[STAT_SIZE] as number,
  inMemory: false,
  read(start, end) {
    try {
      const { fs } = realm.sys;
      if (!isSame(stat, fs.stat(path))) return undefined;
      const fd = fs.open(path, O_RDONLY, 0);
      try {
        return fs.read(fd, end - start, start);
      } finally {
        fs.close(fd);
      }
    } catch {
      return undefined;
    }
  },
});

export const install: InstallBinding = (binding, realm) => {
  const store = new SafeMap<string, readonly [BlobHandle, number, string]>();
  implement(binding, {
    createBlob: (parts: readonly unknown[]) => joinParts(parts),
    concat(parts: readonly unknown[]) {
      const views: Uint8Array[] = [];
      for (let i = 0; i < parts.length; i++) append(views, bytesOf(parts[i]) ?? new Bytes(0));
      return typedArrayBuffer(joinBytes(views));
    },
    storeDataObject(id: string, handle: BlobHandle, length: number, type: string) {
      store.set(id, [handle, length, type]);
    },
    getDataObject(id: string) {
      const found = store.get(id);
      return found && [found[0], found[1], found[2]];
    },
    revokeObjectURL(url: string) {
      if (StringProto.startsWith(url, STORE)) store.delete(StringProto.slice(url, STORE.length));
    },
    /** As `BlobFromFilePath` of src/node_blob.cc. */
    createBlobFromFilePath(path: unknown) {
      let whole: string;
      let stat: readonly number[];
      try {
        whole = absolute(realm, path);
        stat = realm.sys.fs.stat(whole);
      } catch {
        throw bindingError("TypeError", "ERR_INVALID_ARG_VALUE", "Unable to open file as blob");
      }
      const segment = fileSegment(realm, whole, stat);
      return [new BlobHandle([{ segment, start: 0, end: segment.length }]), segment.length];
    },
  });
};
