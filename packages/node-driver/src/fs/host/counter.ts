import { fstatSync, lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";
import type { Quota } from "../quota.ts";

/**
 * Holds a host directory to a quota: bytes by file size, files by name. A file whose last name goes while it is open
 * is given back only when it is closed, so an unlinked file cannot hide what it takes.
 */
export class Counter {
  readonly quota: Quota;
  /** Open descriptors by inode. */
  readonly #open = new Map<number, number>();

  constructor(quota: Quota, root: string) {
    this.quota = quota;
    this.#count(root);
  }

  /** Before a new name appears. */
  adding(): void {
    this.quota.takeFile();
  }

  /** A file was not made after all. */
  notAdded(): void {
    this.quota.giveFile();
  }

  opened(descriptor: number): void {
    const { ino } = fstatSync(descriptor);
    this.#open.set(ino, (this.#open.get(ino) ?? 0) + 1);
  }

  closing(descriptor: number): void {
    const { ino, nlink, size } = fstatSync(descriptor);
    const left = (this.#open.get(ino) ?? 1) - 1;
    if (left > 0) {
      this.#open.set(ino, left);
      return;
    }
    this.#open.delete(ino);
    if (nlink === 0) this.quota.takeBytes(-size);
  }

  /** Before a file's length is set. */
  resize(descriptor: number, length: number): void {
    this.quota.takeBytes(length - fstatSync(descriptor).size);
  }

  /** Writes and charges what the file grew by. */
  write(descriptor: number, length: number, position: number, append: boolean, put: () => number): number {
    const before = fstatSync(descriptor).size;
    const end = (append ? before : position) + length;
    this.quota.takeBytes(Math.max(0, end - before));
    try {
      return put();
    } finally {
      this.quota.takeBytes(fstatSync(descriptor).size - Math.max(before, end));
    }
  }

  /** After a name is gone; `stats` as they were before. */
  removed(stats: Pick<Stats, "ino" | "nlink" | "size"> & { isFile(): boolean }): void {
    this.quota.giveFile();
    if (stats.isFile() && stats.nlink === 1 && !this.#open.has(stats.ino)) this.quota.takeBytes(-stats.size);
  }

  #count(directory: string): void {
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      const stats = lstatSync(path);
      this.quota.files += 1;
      if (stats.isDirectory()) this.#count(path);
      else this.quota.bytes += stats.size;
    }
  }
}
