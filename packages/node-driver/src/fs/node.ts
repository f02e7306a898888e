import type { Listener } from "./changes.ts";

export type Kind = "file" | "directory" | "link" | "device" | "socket" | "other";

/** The 18 numbers of Node's stat array; times as seconds and nanoseconds. */
export type Stat = readonly number[];

/** What `readdir` answers: name, UV_DIRENT_* type, name, type, ... */
export type Listing = readonly (string | number)[];

/** One mounted file system: nodes of different volumes never meet in a rename or link (EXDEV). */
export interface Volume {
  /** `st_dev` of everything in it. */
  readonly device: number;
  /** The errno that answers a write, or nothing when writing is possible. */
  readonly refusal: string | undefined;
  /** -> type, bsize, blocks, bfree, bavail, files, ffree */
  statfs(): Stat;
  /** A look-up in one step, for volumes that have one. Nothing means: walk component by component. */
  reach?(relative: string): Reached | undefined;
}

/** What `reach` found: the directory is real (no link led to it); the node may be missing. */
export interface Reached {
  readonly directory: Directory;
  readonly name: string;
  readonly node: Node | undefined;
}

/** Something at a path. Operations never follow a link: looking up is the walker's work. */
export interface Node {
  readonly kind: Kind;
  readonly volume: Volume;
  stat(): Stat;
  /** R_OK 4, W_OK 2, X_OK 1; fails EACCES. */
  access(mode: number): void;
  chmod(mode: number): void;
  chown(uid: number, gid: number): void;
  /** Seconds, with fractions. */
  utimes(atime: number, mtime: number): void;
  /** Opens what is already there (files, directories, devices). */
  open(flags: number): OpenFile;
  /** Tells of changes from now on. -> what ends it */
  watch(listener: Listener): () => void;
}

/** Where following a link continues. `contained`: its `..` stops at the mount's root. */
export interface Target {
  readonly from: "root" | "mount" | "here";
  readonly path: string;
  readonly contained: boolean;
}

export interface Link extends Node {
  readonly kind: "link";
  /** What `readlink` answers. */
  text(): string;
  /** @throws SyscallFailure EACCES when the link leaves what is mounted */
  target(): Target;
}

export interface Directory extends Node {
  readonly kind: "directory";
  lookup(name: string): Node | undefined;
  list(): Listing;
  /** Makes a file that was not there and opens it; flags as open(2), O_CREAT implied. */
  create(name: string, flags: number, mode: number): OpenFile;
  mkdir(name: string, mode: number): void;
  symlink(name: string, text: string): void;
  /** Makes the entry of a Unix domain socket; left out where there are none. */
  makeSocket?(name: string, mode: number): void;
  link(name: string, node: Node): void;
  unlink(name: string): void;
  rmdir(name: string): void;
  /** Replaces what is there as rename(2) does. */
  rename(name: string, to: Directory, toName: string): void;
}

/** An open file. It keeps working after its name is gone. Positions are bytes from the start. */
export interface OpenFile {
  readonly kind: Kind;
  /** At most `length` bytes, empty at the end; a buffer of its own, of exactly that size. */
  read(length: number, position: number): Uint8Array;
  /** Writes all of it, at the end when `append`. */
  write(data: Uint8Array, position: number, append: boolean): number;
  stat(): Stat;
  size(): number;
  truncate(length: number): void;
  chmod(mode: number): void;
  chown(uid: number, gid: number): void;
  utimes(atime: number, mtime: number): void;
  sync(dataOnly: boolean): void;
  close(): void;
}

export const isDirectory = (node: Node): node is Directory => node.kind === "directory";
export const isLink = (node: Node): node is Link => node.kind === "link";
