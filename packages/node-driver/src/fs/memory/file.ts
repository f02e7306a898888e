import { O_TRUNC, S_IFREG } from "../linux.ts";
import type { OpenFile, Stat } from "../node.ts";
import { Content } from "./content.ts";
import { Inode } from "./inode.ts";
import type { MemoryVolume } from "./volume.ts";

/** A regular file in memory. */
export class MemoryFile extends Inode {
  readonly kind = "file";
  readonly content: Content;

  constructor(volume: MemoryVolume, mode: number) {
    super(volume, S_IFREG | mode);
    this.content = new Content(volume.quota);
  }

  open(flags: number): OpenFile {
    if ((flags & O_TRUNC) !== 0) this.truncate(0);
    return new OpenMemoryFile(this);
  }

  truncate(length: number): void {
    this.content.truncate(length);
    this.modified();
    this.announce("modify");
  }

  protected extent(): readonly [number, number] {
    return [this.content.size, this.content.charged];
  }

  protected override release(): void {
    this.content.release();
  }
}

class OpenMemoryFile implements OpenFile {
  readonly kind = "file";
  readonly #file: MemoryFile;

  constructor(file: MemoryFile) {
    this.#file = file;
    file.addHandles(1);
  }

  read(length: number, position: number): Uint8Array {
    return this.#file.content.read(length, position);
  }

  write(data: Uint8Array, position: number, append: boolean): number {
    const { content } = this.#file;
    const written = content.write(data, append ? content.size : position);
    this.#file.modified();
    if (written > 0) this.#file.announce("modify");
    return written;
  }

  stat(): Stat {
    return this.#file.stat();
  }

  size(): number {
    return this.#file.content.size;
  }

  truncate(length: number): void {
    this.#file.truncate(length);
  }

  chmod(mode: number): void {
    this.#file.chmod(mode);
  }

  chown(uid: number, gid: number): void {
    this.#file.chown(uid, gid);
  }

  utimes(atime: number, mtime: number): void {
    this.#file.utimes(atime, mtime);
  }

  sync(): void {}

  close(): void {
    this.#file.addHandles(-1);
  }
}
