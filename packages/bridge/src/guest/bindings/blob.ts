import { BlobHandle, concatBytes, joinParts, type Segment } from "../lib/blob-data.ts";
import { bytesOf } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { implement } from "../lib/implement.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { SafeMap, StringProto } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";

/** Place of the size in a stat result (contract/fs.ts). */
const STAT_SIZE = 8;
const O_RDONLY = 0;
const STORE = "blob:nodedata:";

/** A file as it is when it is read; a file that shrank reads as nothing. */
const fileSegment = (realm: Realm, path: string, length: number): Segment => ({
  length,
  inMemory: false,
  read(start, end) {
    try {
      const { fs } = realm.sys;
      if ((fs.stat(path)[STAT_SIZE] as number) !== length) return undefined;
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
      return concatBytes(views);
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
    createBlobFromFilePath(path: string) {
      let length: number;
      try {
        length = realm.sys.fs.stat(path)[STAT_SIZE] as number;
      } catch {
        return undefined;
      }
      const windows = length === 0 ? [] : [{ segment: fileSegment(realm, path, length), start: 0, end: length }];
      return [new BlobHandle(windows), length];
    },
  });
};
