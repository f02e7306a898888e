import type { Cause, Listener } from "../changes.ts";
import { fail } from "../failure.ts";
import { BLOCK_SIZE, S_IFMT } from "../linux.ts";
import type { Kind, Node, OpenFile, Stat } from "../node.ts";
import type { MemoryDirectory } from "./directory.ts";
import type { MemoryVolume } from "./volume.ts";

const splitSeconds = (time: number): readonly [number, number] => {
  // As libuv's uv__fs_to_timespec.
  const seconds = Math.trunc(time);
  const nanoseconds = Math.trunc((time - seconds) * 1e9);
  return nanoseconds < 0 ? [seconds - 1, nanoseconds + 1e9] : [seconds, nanoseconds];
};

const now = (): readonly [number, number] => {
  const milliseconds = Date.now();
  const seconds = Math.floor(milliseconds / 1000);
  return [seconds, (milliseconds - seconds * 1000) * 1e6];
};

/** One name of an inode. */
interface Name {
  readonly directory: MemoryDirectory;
  readonly name: string;
}

/** What every memory file system object has. Permission bits are kept and shown; the guest is root and passes them. */
export abstract class Inode implements Node {
  abstract readonly kind: Kind;
  readonly volume: MemoryVolume;
  readonly #number: number;
  #mode: number;
  #uid = 0;
  #gid = 0;
  #links = 1;
  #handles = 0;
  readonly #birth = now();
  #atime = this.#birth;
  #mtime = this.#birth;
  #ctime = this.#birth;

  constructor(volume: MemoryVolume, mode: number) {
    this.volume = volume;
    this.#mode = mode;
    this.#number = volume.enroll();
  }

  /** Where it is to be found. The last one stays: writing to what is open and has no name left is still told there. */
  readonly #names: Name[] = [];
  #listeners: Set<Listener> | undefined;

  abstract open(flags: number): OpenFile;
  /** `st_size` and bytes of memory taken. */
  protected abstract extent(): readonly [size: number, taken: number];
  /** Gives memory back once no name and no handle leads here. */
  protected release(): void {}

  protected get device(): number {
    return 0;
  }

  get links(): number {
    return this.#links;
  }

  stat(): Stat {
    const [size, taken] = this.extent();
    return [
      this.volume.device,
      this.#mode,
      this.#links,
      this.#uid,
      this.#gid,
      this.device,
      BLOCK_SIZE,
      this.#number,
      size,
      Math.ceil(taken / 512),
      ...this.#atime,
      ...this.#mtime,
      ...this.#ctime,
      ...this.#birth,
    ];
  }

  access(mode: number): void {
    // Root may execute a file only when somebody may.
    if ((mode & 1) !== 0 && this.kind === "file" && (this.#mode & 0o111) === 0) fail("EACCES");
  }

  chmod(mode: number): void {
    this.#mode = (this.#mode & S_IFMT) | (mode & 0o7777);
    this.#ctime = now();
    this.announce("attributes");
  }

  chown(uid: number, gid: number): void {
    // -1 leaves an id alone; it arrives as itself or as its unsigned 32 bits.
    if (uid >>> 0 !== 0xffffffff) this.#uid = uid >>> 0;
    if (gid >>> 0 !== 0xffffffff) this.#gid = gid >>> 0;
    this.#ctime = now();
    this.announce("attributes");
  }

  utimes(atime: number, mtime: number): void {
    this.#atime = splitSeconds(atime);
    this.#mtime = splitSeconds(mtime);
    this.#ctime = now();
    this.announce("attributes");
  }

  /** Records a change of contents. */
  modified(): void {
    this.#mtime = now();
    this.#ctime = this.#mtime;
  }

  /** Records a change of the number of names (or subdirectories). */
  addLinks(count: number): void {
    this.#links += count;
    this.#ctime = now();
    this.#settle();
  }

  /** Counts open handles, which keep an unlinked file alive. */
  addHandles(count: number): void {
    this.#handles += count;
    this.#settle();
  }

  watch(listener: Listener): () => void {
    const listeners = this.#listeners ?? new Set();
    this.#listeners = listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Tells those who watch this very inode. */
  tell(cause: Cause, name?: string): void {
    if (this.#listeners === undefined) return;
    for (const listener of this.#listeners) listener(cause, name);
  }

  /** Tells of a change in what it is or holds: the directories it has a name in first, as the kernel does. */
  announce(change: "modify" | "attributes"): void {
    const cause = this.kind === "directory" ? "directory" : change;
    for (const { directory, name } of this.#names) directory.tell(cause, name);
    this.tell(cause);
  }

  /** It got a name. */
  named(directory: MemoryDirectory, name: string): void {
    this.#names.push({ directory, name });
  }

  /** It lost one. */
  unnamed(directory: MemoryDirectory, name: string): void {
    const index = this.#names.findIndex((known) => known.directory === directory && known.name === name);
    this.#names.splice(index, 1);
  }

  #settle(): void {
    if (this.#links > 0 || this.#handles > 0) return;
    this.tell("deleteSelf");
    this.tell("ignored");
    this.#listeners = undefined;
    this.release();
    this.volume.dismiss();
  }
}
