import { SyscallError } from "../client.ts";
import { SafeMap, SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";

const O_ACCMODE = 3;
const O_RDONLY = 0;
/** Places of device and inode in a stat result (contract/fs.ts). */
const DEVICE = 0;
const INODE = 7;

/**
 * Files open for reading only. Linux lets their owner change mode, owner and times through the descriptor; the host
 * granted reading and nothing else, and says EACCES. What may be changed by its path is changed so then.
 */
export class ReadOnlyFiles {
  readonly #realm: Realm;
  readonly #paths = new SafeMap<number, string>();

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  opened(fd: number, path: string, flags: number): void {
    if ((flags & O_ACCMODE) === O_RDONLY) this.#paths.set(fd, path);
  }

  closed(fd: number): void {
    this.#paths.delete(fd);
  }

  /** Changes an open file, by its descriptor or else by its path. @throws SyscallError */
  change(fd: number, byDescriptor: () => void, byPath: (path: string) => void): void {
    try {
      byDescriptor();
    } catch (error) {
      const path = this.#paths.get(fd);
      const refused = error instanceof SyscallError && error.code === "EACCES";
      if (!refused || path === undefined || !this.#isAt(fd, path)) throw error;
      byPath(path);
    }
  }

  #isAt(fd: number, path: string): boolean {
    const { fs } = this.#realm.sys;
    try {
      const open = fs.fstat(fd);
      const found = fs.stat(path);
      return open[DEVICE] === found[DEVICE] && open[INODE] === found[INODE];
    } catch {
      return false;
    }
  }
}

const made = new SafeWeakMap<Realm, ReadOnlyFiles>();

/** The ones of a realm. */
export function readOnlyFiles(realm: Realm): ReadOnlyFiles {
  const known = made.get(realm) ?? new ReadOnlyFiles(realm);
  made.set(realm, known);
  return known;
}
