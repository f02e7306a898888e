import type { Cause } from "../changes.ts";
import { fail } from "../failure.ts";
import * as linux from "../linux.ts";
import { type Directory, isDirectory, type Kind, type Listing, type Node, type OpenFile } from "../node.ts";
import { OpenDirectory } from "../open-directory.ts";
import { MemoryFile } from "./file.ts";
import { Inode } from "./inode.ts";
import { MemoryLink } from "./link.ts";
import { MemorySocket } from "./socket.ts";
import type { MemoryVolume } from "./volume.ts";

const TYPES: Readonly<Record<Kind, number>> = {
  file: linux.DIRENT_FILE,
  directory: linux.DIRENT_DIR,
  link: linux.DIRENT_LINK,
  device: linux.DIRENT_CHAR,
  socket: linux.DIRENT_SOCKET,
  other: linux.DIRENT_UNKNOWN,
};

/** A directory in memory; it lists its entries in the order they were made. */
export class MemoryDirectory extends Inode implements Directory {
  readonly kind = "directory";
  readonly #entries = new Map<string, Inode>();
  #parent: MemoryDirectory | undefined;

  constructor(volume: MemoryVolume, parent: MemoryDirectory | undefined, mode: number) {
    super(volume, linux.S_IFDIR | mode);
    this.#parent = parent;
    this.addLinks(1);
  }

  lookup(name: string): Inode | undefined {
    return this.#entries.get(name);
  }

  list(): Listing {
    const listing: (string | number)[] = [];
    for (const [name, node] of this.#entries) listing.push(name, TYPES[node.kind]);
    return listing;
  }

  open(): OpenFile {
    return new OpenDirectory(this);
  }

  create(name: string, flags: number, mode: number): OpenFile {
    this.#alive();
    const file = new MemoryFile(this.volume, mode & 0o7777 & ~linux.UMASK);
    this.put(name, file);
    return file.open(flags & ~linux.O_TRUNC);
  }

  mkdir(name: string, mode: number): MemoryDirectory {
    this.#alive();
    const directory = new MemoryDirectory(this.volume, this, mode & 0o1777 & ~linux.UMASK);
    this.put(name, directory);
    this.addLinks(1);
    return directory;
  }

  symlink(name: string, text: string): void {
    this.#alive();
    this.put(name, new MemoryLink(this.volume, text));
  }

  makeSocket(name: string, mode: number): void {
    this.#alive();
    this.put(name, new MemorySocket(this.volume, mode & 0o777 & ~linux.UMASK));
  }

  link(name: string, node: Node): void {
    this.#alive();
    const inode = this.#own(node);
    inode.addLinks(1);
    inode.tell("attributes");
    this.put(name, inode);
  }

  unlink(name: string): void {
    const node = this.#entries.get(name) ?? fail("ENOENT");
    if (isDirectory(node)) fail("EISDIR");
    node.tell("attributes");
    this.#remove(name);
    if (node.links > 1) node.unnamed(this, name);
    node.addLinks(-1);
    this.tell("delete", name);
  }

  rmdir(name: string): void {
    const node = this.#entries.get(name) ?? fail("ENOENT");
    if (!(node instanceof MemoryDirectory)) fail("ENOTDIR");
    if (node.#entries.size > 0) fail("ENOTEMPTY");
    this.#remove(name);
    this.#orphan(node);
    this.tell("delete", name);
  }

  rename(name: string, to: Directory, toName: string): void {
    if (!(to instanceof MemoryDirectory) || to.volume !== this.volume) fail("EXDEV");
    const node = this.#entries.get(name) ?? fail("ENOENT");
    const old = to.#entries.get(toName);
    if (old === node) return;
    if (node instanceof MemoryDirectory && node.#holds(to)) fail("EINVAL");
    if (old instanceof MemoryDirectory && old.#holds(this)) fail("ENOTEMPTY");
    if (old !== undefined) mayGiveWay(old, node);
    to.#alive();
    if (old !== undefined) to.#remove(toName);
    if (old !== undefined && old.links > 1) old.unnamed(to, toName);
    this.#remove(name);
    node.unnamed(this, name);
    this.tell("movedFrom", name);
    to.put(toName, node, "movedTo");
    old?.tell("attributes");
    node.tell("moveSelf");
    if (node instanceof MemoryDirectory) {
      node.#parent = to;
      this.addLinks(-1);
      to.addLinks(1);
    }
    if (old instanceof MemoryDirectory) to.#orphan(old);
    else old?.addLinks(-1);
  }

  /** Adds an entry. */
  put(name: string, node: Inode, cause: Cause = "create"): void {
    this.#entries.set(name, node);
    node.named(this, name);
    this.modified();
    this.tell(cause, name);
  }

  protected extent(): readonly [number, number] {
    return [linux.BLOCK_SIZE, 0];
  }

  #remove(name: string): void {
    this.#entries.delete(name);
    this.modified();
  }

  /** Lets go of a directory that is no longer listed. */
  #orphan(directory: MemoryDirectory): void {
    this.addLinks(-1);
    directory.#parent = undefined;
    directory.addLinks(-2);
  }

  /** Whether `directory` is this one or lies in it. */
  #holds(directory: MemoryDirectory): boolean {
    for (let at: MemoryDirectory | undefined = directory; at !== undefined; at = at.#parent)
      if (at === this) return true;
    return false;
  }

  #alive(): void {
    if (this.links === 0) fail("ENOENT");
  }

  #own(node: Node): Inode {
    return node instanceof Inode && node.volume === this.volume ? node : fail("EXDEV");
  }
}

/** Whether rename(2) may put one over the other. An old directory must be empty. */
function mayGiveWay(old: Inode, node: Inode): void {
  if (isDirectory(node) && !isDirectory(old)) fail("ENOTDIR");
  if (!isDirectory(node) && isDirectory(old)) fail("EISDIR");
  if (isDirectory(old) && old.list().length > 0) fail("ENOTEMPTY");
}
