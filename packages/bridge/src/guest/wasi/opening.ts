/** `path_open`: what the program asks for in rights and flags, and what Linux is asked for. */
import { closeFile, openFile } from "../bindings/fs-io.ts";
import { StringProto } from "../primordials.ts";
import { type DescriptorTable, O } from "./descriptors.ts";
import { fail } from "./errno.ts";
import { FILE_TYPE, fileTypeOf } from "./layout.ts";
import { RIGHT, type Rights } from "./rights.ts";

/** How to open (`oflags`): Linux's flags, and the right the directory must have. */
const OPEN_FLAGS = [
  [1, O.create, RIGHT.pathCreateFile],
  [2, O.directory, 0n],
  [4, O.exclusive, 0n],
  [8, O.truncate, RIGHT.pathFilestatSetSize],
] as const;

/** Flags of the new descriptor (`fdflags`): Linux's, and the right the directory must be able to pass on. */
const FD_FLAGS = [
  [1, O.append, 0n],
  [2, O.dsync, RIGHT.fdDatasync],
  [4, O.nonblock, 0n],
  [8, O.sync, RIGHT.fdSync],
  [16, O.sync, RIGHT.fdSync],
] as const;

const READS = RIGHT.fdRead | RIGHT.fdReaddir;
const WRITES = RIGHT.fdDatasync | RIGHT.fdWrite | RIGHT.fdAllocate | RIGHT.fdFilestatSetSize;

export interface Opening {
  /** Linux's flags. */
  readonly flags: number;
  /** What the directory must be allowed, and allowed to pass on. */
  readonly needed: Rights;
  /** What the new descriptor is to be allowed. */
  readonly wanted: Rights;
}

/** Reads a program's wish. */
export function openingFor(open: number, descriptor: number, wanted: Rights): Opening {
  const reads = (wanted.base & READS) !== 0n;
  const writes = (wanted.base & WRITES) !== 0n;
  let flags: number = writes ? (reads ? O.readWrite : O.writeOnly) : 0;
  let base: bigint = RIGHT.pathOpen;
  let inheriting = wanted.base | wanted.inheriting;
  for (let i = 0; i < OPEN_FLAGS.length; i++) {
    const { 0: asked, 1: bits, 2: right } = OPEN_FLAGS[i] as (typeof OPEN_FLAGS)[number];
    if ((open & asked) === 0) continue;
    flags |= bits;
    base |= right;
  }
  for (let i = 0; i < FD_FLAGS.length; i++) {
    const { 0: asked, 1: bits, 2: right } = FD_FLAGS[i] as (typeof FD_FLAGS)[number];
    if ((descriptor & asked) === 0) continue;
    flags |= bits;
    inheriting |= right;
  }
  if (writes && (flags & (O.append | O.truncate)) === 0) inheriting |= RIGHT.fdSeek;
  return { flags, needed: { base, inheriting }, wanted };
}

/**
 * Opens a path of the sandbox.
 * @param root of the directory it was found in
 * @returns the new descriptor's number
 */
export function openAt(table: DescriptorTable, path: string, root: string, { flags, wanted }: Opening): number {
  // Appending is the table's own: a program turns it on and off.
  const fd = openFile(table.realm, path, flags & ~O.append, 0o666);
  try {
    const mustBeDirectory = (flags & O.directory) !== 0 || StringProto.endsWith(path, "/");
    if (mustBeDirectory && fileTypeOf(table.stat(fd)) !== FILE_TYPE.directory) fail("ENOTDIR");
    return table.addOpened(fd, flags, wanted, path, root);
  } catch (error) {
    closeFile(table, fd);
    throw error;
  }
}
