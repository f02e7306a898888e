import { Descriptors } from "../bindings/fs-descriptors.ts";
import { closeFile, openFile } from "../bindings/fs-io.ts";
import { absolute } from "../bindings/fs-path.ts";
import { type StandardStreams, standardStreams } from "../bindings/fs-stdio.ts";
import type { Realm } from "../realm.ts";
import { fail } from "./errno.ts";
import { FILE_TYPE, type FileType, fileTypeOf, type Stat } from "./layout.ts";
import { normalize } from "./lookup.ts";
import { RIGHT, type Rights, rightsOf } from "./rights.ts";

/** <fcntl.h> of Linux. */
export const O = {
  accessMode: 3,
  writeOnly: 1,
  readWrite: 2,
  create: 0o100,
  exclusive: 0o200,
  truncate: 0o1000,
  append: 0o2000,
  nonblock: 0o4000,
  dsync: 0o10000,
  largeFile: 0o100000,
  directory: 0o200000,
  sync: 0o4010000,
} as const;

/** What `fcntl(F_GETFL)` tells of the flags a file was opened with; WASI passes sixteen bits of it on. */
const KEPT = O.accessMode | O.append | O.nonblock | O.sync | O.largeFile;

/** One descriptor of a WebAssembly program. */
export interface Entry {
  /** The descriptor of the sandbox under it. */
  readonly fd: number;
  readonly type: FileType;
  base: bigint;
  inheriting: bigint;
  /** Open flags as `fcntl` tells them. */
  flags: number;
  /** Where the next read or write goes; nothing where the sandbox's own descriptor knows: it was the program's before. */
  offset: number | undefined;
  /** Bytes read and written by such a descriptor so far. */
  moved: number;
  /** Of a directory: its name in the program's eyes, and that without dots and double slashes. */
  readonly name: string;
  readonly normalized: string;
  /** Of a directory: its path in the sandbox. */
  readonly path: string;
  /** Canonical path of the preopened directory it was reached through, which nothing leads out of. */
  readonly root: string;
  readonly isPreopened: boolean;
}

type Place = Pick<Entry, "name" | "path" | "root" | "isPreopened">;
const NO_PLACE: Place = { name: "", path: "", root: "", isPreopened: false };

/** The descriptors of one program (src/fd_table.c of uvwasi): numbers of its own, lowest free first. */
export class DescriptorTable {
  readonly realm: Realm;
  readonly streams: StandardStreams;
  readonly io: Descriptors;
  readonly #entries: (Entry | undefined)[] = [];

  constructor(realm: Realm) {
    this.realm = realm;
    this.streams = standardStreams(realm);
    this.io = new Descriptors(realm, this.streams);
  }

  /** Takes in a descriptor the host program gave as a standard stream. */
  addStream(fd: number): void {
    const type = fileTypeOf(this.stat(fd));
    if (type === FILE_TYPE.unknown) fail("EINVAL");
    const isOutput = fd === 1 || fd === 2;
    const flags = this.streams.has(fd) && !this.#isTerminal(fd) ? (isOutput ? O.writeOnly : 0) : O.readWrite;
    this.#insert(fd, type, flags, this.#most(fd, type), undefined, NO_PLACE);
  }

  /** Opens a directory the program may use under a name. */
  addPreopen(name: string, given: string): void {
    const { realm } = this;
    const path = realm.sys.fs.realpath(absolute(realm, given));
    const fd = openFile(realm, path, 0, 0o666);
    if (fileTypeOf(this.stat(fd)) !== FILE_TYPE.directory) fail("ENOTDIR");
    const place = { name, path, root: path, isPreopened: true };
    this.#insert(fd, FILE_TYPE.directory, O.largeFile, rightsOf(FILE_TYPE.directory, false), 0, place);
  }

  /**
   * Takes in what was opened below a directory.
   * @returns its number
   */
  addOpened(fd: number, flags: number, wanted: Rights, path: string, root: string): number {
    const type = fileTypeOf(this.stat(fd));
    const most = this.#most(fd, type);
    const access = flags & O.accessMode;
    const denied = access === 0 ? RIGHT.fdWrite : access === O.writeOnly ? RIGHT.fdRead : 0n;
    const rights = { base: wanted.base & most.base & ~denied, inheriting: wanted.inheriting & most.inheriting };
    return this.#insert(fd, type, flags | O.largeFile, rights, 0, { name: path, path, root, isPreopened: false });
  }

  /**
   * The entry behind a number, once it has these rights.
   * @throws EBADF, ENOTCAPABLE
   */
  get(id: number, base = 0n, inheriting = 0n): Entry {
    const entry = this.#entries[id] ?? fail("EBADF");
    if ((base & ~entry.base) !== 0n || (inheriting & ~entry.inheriting) !== 0n) fail("ENOTCAPABLE");
    return entry;
  }

  has(id: number): boolean {
    return this.#entries[id] !== undefined;
  }

  close(id: number): void {
    const { fd } = this.get(id);
    closeFile(this, fd);
    this.#entries[id] = undefined;
  }

  /** Moves an entry to another number, whose own descriptor is closed. */
  renumber(from: number, to: number): void {
    if (from === to) return;
    if (this.#entries[to] === undefined || this.#entries[from] === undefined) fail("EBADF");
    this.close(to);
    this.#entries[to] = this.#entries[from];
    this.#entries[from] = undefined;
  }

  stat(fd: number): Stat {
    return this.streams.has(fd) ? this.streams.stat(fd) : this.realm.sys.fs.fstat(fd);
  }

  #isTerminal(fd: number): boolean {
    return this.streams.has(fd) && this.streams.kind(this.streams.streamOf(fd)) === "TTY";
  }

  #most(fd: number, type: FileType): Rights {
    return rightsOf(type, this.#isTerminal(fd));
  }

  #insert(fd: number, type: FileType, flags: number, rights: Rights, offset: number | undefined, place: Place): number {
    let id = 0;
    while (this.#entries[id] !== undefined) id++;
    this.#entries[id] = {
      fd,
      type,
      ...rights,
      flags: flags & KEPT,
      offset,
      moved: 0,
      ...place,
      normalized: normalize(place.name),
    };
    return id;
  }
}
