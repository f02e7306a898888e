import { fail } from "./failure.ts";
import type { Directory, OpenFile, Stat } from "./node.ts";

/** A directory opened read-only, as `fs.fsyncSync(fs.openSync(dir))` and `fstat` want it. It has no contents to read. */
export class OpenDirectory implements OpenFile {
  readonly kind = "directory";
  readonly #directory: Directory;

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  read(): Uint8Array {
    return fail("EISDIR");
  }

  write(): number {
    return fail("EBADF");
  }

  stat(): Stat {
    return this.#directory.stat();
  }

  size(): number {
    return 0;
  }

  truncate(): void {
    fail("EINVAL");
  }

  chmod(mode: number): void {
    this.#directory.chmod(mode);
  }

  chown(uid: number, gid: number): void {
    this.#directory.chown(uid, gid);
  }

  utimes(atime: number, mtime: number): void {
    this.#directory.utimes(atime, mtime);
  }

  sync(): void {}

  close(): void {}
}
