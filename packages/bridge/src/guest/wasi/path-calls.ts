/** Calls on paths below a directory the program has. */
import { encodeNameBytes } from "../lib/escaped-utf8.ts";
import { call, type WasiCalls } from "./call.ts";
import type { DescriptorTable, Entry } from "./descriptors.ts";
import { fail } from "./errno.ts";
import { SIZE, writeFilestat } from "./layout.ts";
import { writeListing } from "./listing.ts";
import { confine, pathFrom, resolve } from "./lookup.ts";
import type { ProgramMemory } from "./memory.ts";
import { openAt, openingFor } from "./opening.ts";
import { RIGHT } from "./rights.ts";
import { checkTimeFlags, timesToSet } from "./times.ts";

/** `lookupflags`: the link at the end of a path is followed. */
const FOLLOW = 1;

/** Checks that a path lies in memory, and says where. */
function range(memory: ProgramMemory, at: number, size: number): Uint8Array {
  memory.check(at, size);
  return memory.part(at, size);
}

/** The path in the sandbox of one in memory; a link at its end is the thing itself. */
const found = (table: DescriptorTable, entry: Entry, bytes: Uint8Array, flags = 0): string =>
  resolve(table.realm, entry, pathFrom(bytes), { follow: (flags & FOLLOW) !== 0 });

/** The entries of a call with two directories: one that is both needs both rights. */
function pair(
  table: DescriptorTable,
  [from, source]: readonly [id: number, right: bigint],
  [to, target]: readonly [id: number, right: bigint],
): readonly [from: Entry, to: Entry] {
  if (from !== to) return [table.get(from, source), table.get(to, target)];
  const entry = table.get(from, source | target);
  return [entry, entry];
}

const making: WasiCalls = {
  path_create_directory: call(["i", "i", "i"], ({ table }, memory, fd, at, size) => {
    const path = range(memory, at, size);
    const { realm } = table;
    realm.sys.fs.mkdir(found(table, table.get(fd, RIGHT.pathCreateDirectory), path), 0o777 & ~realm.umask, false);
  }),
  path_link: call(
    ["i", "i", "i", "i", "i", "i", "i"],
    ({ table }, memory, oldFd, flags, oldAt, oldSize, newFd, newAt, newSize) => {
      const oldPath = range(memory, oldAt, oldSize);
      const newPath = range(memory, newAt, newSize);
      const { 0: from, 1: to } = pair(table, [oldFd, RIGHT.pathLinkSource], [newFd, RIGHT.pathLinkTarget]);
      const source = found(table, from, oldPath, flags);
      table.realm.sys.fs.link(source, found(table, to, newPath));
    },
  ),
  path_symlink: call(["i", "i", "i", "i", "i"], ({ table }, memory, oldAt, oldSize, fd, newAt, newSize) => {
    const text = range(memory, oldAt, oldSize);
    const link = range(memory, newAt, newSize);
    const entry = table.get(fd, RIGHT.pathSymlink);
    const target = text[0] === 0x2f ? fail("EPERM") : pathFrom(text);
    // Not where the link will be, but below the directory: so uvwasi looks at it.
    resolve(table.realm, entry, target);
    table.realm.sys.fs.symlink(target, found(table, entry, link));
  }),
  path_rename: call(
    ["i", "i", "i", "i", "i", "i"],
    ({ table }, memory, oldFd, oldAt, oldSize, newFd, newAt, newSize) => {
      const oldPath = range(memory, oldAt, oldSize);
      const newPath = range(memory, newAt, newSize);
      const { 0: from, 1: to } = pair(table, [oldFd, RIGHT.pathRenameSource], [newFd, RIGHT.pathRenameTarget]);
      const source = found(table, from, oldPath);
      table.realm.sys.fs.rename(source, found(table, to, newPath));
    },
  ),
  path_remove_directory: call(["i", "i", "i"], ({ table }, memory, fd, at, size) => {
    const path = range(memory, at, size);
    table.realm.sys.fs.rmdir(found(table, table.get(fd, RIGHT.pathRemoveDirectory), path));
  }),
  path_unlink_file: call(["i", "i", "i"], ({ table }, memory, fd, at, size) => {
    const path = range(memory, at, size);
    table.realm.sys.fs.unlink(found(table, table.get(fd, RIGHT.pathUnlinkFile), path));
  }),
};

const looking: WasiCalls = {
  path_filestat_get: call(["i", "i", "i", "i", "i"], ({ table }, memory, fd, flags, at, size, to) => {
    const path = range(memory, at, size);
    memory.check(to, SIZE.filestat);
    const entry = table.get(fd, RIGHT.pathFilestatGet);
    writeFilestat(memory, to, table.realm.sys.fs.lstat(found(table, entry, path, flags)));
  }),
  path_filestat_set_times: call(
    ["i", "i", "i", "i", "I", "I", "i"],
    ({ table }, memory, fd, flags, at, size, atime, mtime, which) => {
      const path = range(memory, at, size);
      const entry = table.get(fd, RIGHT.pathFilestatSetTimes);
      checkTimeFlags(which);
      const target = found(table, entry, path, flags);
      const { fs } = table.realm.sys;
      const times = timesToSet(which, atime, mtime, () => fs.lstat(target));
      fs.lutimes(target, times[0], times[1]);
    },
  ),
  path_readlink: call(["i", "i", "i", "i", "i", "i"], ({ table }, memory, fd, at, size, to, room, used) => {
    const path = range(memory, at, size);
    memory.check(to, room);
    memory.check(used, 4);
    const entry = table.get(fd, RIGHT.pathReadlink);
    const text = encodeNameBytes(table.realm.sys.fs.readlink(found(table, entry, path)));
    // A NUL follows, which does not count.
    if (text.length >= room) fail("ENOBUFS");
    memory.write(to, text);
    memory.setU8(to + text.length, 0);
    memory.setU32(used, text.length);
  }),
  fd_readdir: call(["i", "i", "i", "I", "i"], ({ table }, memory, fd, at, size, cookie, used) => {
    memory.check(at, size);
    memory.check(used, 4);
    const { path, root } = table.get(fd, RIGHT.fdReaddir);
    confine(table.realm, root, path, true);
    memory.setU32(used, writeListing(memory, table.realm.sys.fs.readdir(path), cookie, at, size));
  }),
};

export const pathCalls: WasiCalls = {
  ...making,
  ...looking,
  path_open: call(
    ["i", "i", "i", "i", "i", "I", "I", "i", "i"],
    ({ table }, memory, fd, flags, at, size, open, base, inheriting, descriptor, to) => {
      const path = range(memory, at, size);
      memory.check(to, 4);
      const opening = openingFor(open & 0xffff, descriptor & 0xffff, { base, inheriting });
      const directory = table.get(fd, opening.needed.base, opening.needed.inheriting);
      const how = { follow: (flags & FOLLOW) !== 0, opens: true };
      const target = resolve(table.realm, directory, pathFrom(path), how);
      memory.setU32(to, openAt(table, target, directory.root, opening));
    },
  ),
};
