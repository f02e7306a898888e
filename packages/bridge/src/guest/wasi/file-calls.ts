/** Calls on open descriptors. */
import { readOnlyFiles } from "../bindings/fs-read-only.ts";
import { asUint64, ToBigInt } from "../lib/intrinsics.ts";
import { utf8Encode, utf8Length } from "../lib/utf8.ts";
import { call, type WasiCalls } from "./call.ts";
import { type DescriptorTable, type Entry, O } from "./descriptors.ts";
import { fail } from "./errno.ts";
import { placeFrom, readAt, readNext, seek, tell, writeAt, writeNext, writePlace } from "./file-io.ts";
import { FILE_TYPE, SIZE, sizeOf, writeFilestat } from "./layout.ts";
import { Buffers, type ProgramMemory } from "./memory.ts";
import { RIGHT } from "./rights.ts";
import { checkTimeFlags, timesToSet } from "./times.ts";

/** The last piece of advice there is (`advice`). */
const LAST_ADVICE = 5;

/** Descriptor flags of WASI that `fcntl(F_SETFL)` changes. */
const SETTABLE = [
  [1, O.append],
  [4, O.nonblock],
] as const;

/** A standard stream, or a pipe: what has no size and cannot be synchronised. */
const isStream = ({ streams }: DescriptorTable, { fd }: Entry): boolean => streams.has(fd);

function setSize(table: DescriptorTable, entry: Entry, size: bigint): void {
  const length = placeFrom(size) ?? fail("EFBIG");
  if (isStream(table, entry)) fail("EINVAL");
  table.realm.sys.fs.ftruncate(entry.fd, length);
}

/** Makes a file at least so long. Its room is not set aside, as uvwasi on Linux does not either. */
function allocate(table: DescriptorTable, entry: Entry, offset: bigint, length: bigint): void {
  const end = asUint64(offset + length);
  if (ToBigInt(sizeOf(table.stat(entry.fd))) < end) setSize(table, entry, end);
}

function setTimes(table: DescriptorTable, entry: Entry, flags: number, atime: bigint, mtime: bigint): void {
  const { realm } = table;
  const { fs } = realm.sys;
  const { fd } = entry;
  const times = timesToSet(flags, atime, mtime, () => table.stat(fd));
  if (isStream(table, entry)) fail("EPERM");
  readOnlyFiles(realm).change(
    fd,
    () => fs.futimes(fd, times[0], times[1]),
    (path) => fs.utimes(path, times[0], times[1]),
  );
}

function synchronize(table: DescriptorTable, id: number, right: bigint, run: (fd: number) => void): void {
  const entry = table.get(id, right);
  if (isStream(table, entry)) fail("EINVAL");
  run(entry.fd);
}

/** What a transfer reads or writes. @param total where the number of bytes goes @throws as the first that is no place */
function buffersOf(memory: ProgramMemory, list: number, count: number, total: number): Buffers {
  const buffers = new Buffers(memory, list, count);
  memory.check(total, 4);
  buffers.checkEach();
  return buffers;
}

const transfers: WasiCalls = {
  fd_read: call(["i", "i", "i", "i"], ({ table }, memory, fd, list, count, read) => {
    const buffers = buffersOf(memory, list, count, read);
    memory.setU32(read, readNext(table, table.get(fd, RIGHT.fdRead), buffers));
  }),
  fd_pread: call(["i", "i", "i", "I", "i"], ({ table }, memory, fd, list, count, offset, read) => {
    const buffers = buffersOf(memory, list, count, read);
    const place = placeFrom(offset);
    const entry = table.get(fd, RIGHT.fdRead | RIGHT.fdSeek);
    memory.setU32(read, place === undefined ? 0 : readAt(table, entry, buffers, place));
  }),
  fd_write: call(["i", "i", "i", "i"], ({ table }, memory, fd, list, count, written) => {
    const buffers = buffersOf(memory, list, count, written);
    memory.setU32(written, writeNext(table, table.get(fd, RIGHT.fdWrite), buffers));
  }),
  fd_pwrite: call(["i", "i", "i", "I", "i"], ({ table }, memory, fd, list, count, offset, written) => {
    const buffers = buffersOf(memory, list, count, written);
    const place = placeFrom(offset);
    const entry = table.get(fd, RIGHT.fdWrite | RIGHT.fdSeek);
    const at = writePlace(table, entry, place ?? fail("EFBIG"));
    memory.setU32(written, writeAt(table, entry, buffers, at));
  }),
  fd_seek: call(["i", "s", "i", "i"], ({ table }, memory, fd, offset, whence, at) => {
    memory.check(at, 8);
    memory.setU64(at, ToBigInt(seek(table, table.get(fd, RIGHT.fdSeek), offset, whence & 0xff)));
  }),
  fd_tell: call(["i", "i"], ({ table }, memory, fd, at) => {
    memory.check(at, 8);
    memory.setU64(at, ToBigInt(tell(table, table.get(fd, RIGHT.fdTell))));
  }),
};

const facts: WasiCalls = {
  fd_fdstat_get: call(["i", "i"], ({ table }, memory, fd, at) => {
    memory.check(at, SIZE.fdstat);
    const { type, flags, base, inheriting } = table.get(fd);
    memory.setU8(at, type);
    memory.setU16(at + 2, flags & 0xffff);
    memory.setU64(at + 8, base);
    memory.setU64(at + 16, inheriting);
  }),
  fd_fdstat_set_flags: call(["i", "i"], ({ table }, _memory, fd, flags) => {
    const entry = table.get(fd, RIGHT.fdFdstatSetFlags);
    for (let i = 0; i < SETTABLE.length; i++) {
      const { 0: asked, 1: bit } = SETTABLE[i] as (typeof SETTABLE)[number];
      entry.flags = (flags & asked) !== 0 ? entry.flags | bit : entry.flags & ~bit;
    }
  }),
  fd_fdstat_set_rights: call(["i", "I", "I"], ({ table }, _memory, fd, base, inheriting) => {
    const entry = table.get(fd);
    if ((base & ~entry.base) !== 0n || (inheriting & ~entry.inheriting) !== 0n) fail("ENOTCAPABLE");
    entry.base = base;
    entry.inheriting = inheriting;
  }),
  fd_filestat_get: call(["i", "i"], ({ table }, memory, fd, at) => {
    memory.check(at, SIZE.filestat);
    writeFilestat(memory, at, table.stat(table.get(fd, RIGHT.fdFilestatGet).fd));
  }),
  fd_filestat_set_size: call(["i", "I"], ({ table }, _memory, fd, size) =>
    setSize(table, table.get(fd, RIGHT.fdFilestatSetSize), size),
  ),
  fd_filestat_set_times: call(["i", "I", "I", "i"], ({ table }, _memory, fd, atime, mtime, flags) => {
    checkTimeFlags(flags);
    setTimes(table, table.get(fd, RIGHT.fdFilestatSetTimes), flags, atime, mtime);
  }),
  fd_prestat_get: call(["i", "i"], ({ table }, memory, fd, at) => {
    memory.check(at, SIZE.prestat);
    const { isPreopened, name } = table.get(fd);
    if (!isPreopened) fail("EINVAL");
    memory.setU8(at, 0);
    memory.setU32(at + 4, utf8Length(name));
  }),
  fd_prestat_dir_name: call(["i", "i", "i"], ({ table }, memory, fd, at, size) => {
    memory.check(at, size);
    const { isPreopened, name } = table.get(fd);
    if (!isPreopened) fail("EBADF");
    if (utf8Length(name) > size) fail("ENOBUFS");
    memory.write(at, utf8Encode(name));
  }),
};

export const fileCalls: WasiCalls = {
  ...transfers,
  ...facts,
  fd_advise: call(["i", "I", "I", "i"], ({ table }, _memory, fd, _offset, _length, advice) => {
    if ((advice & 0xff) > LAST_ADVICE) fail("EINVAL");
    const { type } = table.get(fd, RIGHT.fdAdvise);
    if (type === FILE_TYPE.directory) fail("EBADF");
  }),
  fd_allocate: call(["i", "I", "I"], ({ table }, _memory, fd, offset, length) =>
    allocate(table, table.get(fd, RIGHT.fdAllocate), offset, length),
  ),
  fd_close: call(["i"], ({ table }, _memory, fd) => table.close(fd)),
  fd_renumber: call(["i", "i"], ({ table }, _memory, from, to) => table.renumber(from, to)),
  fd_sync: call(["i"], ({ table }, _memory, fd) =>
    synchronize(table, fd, RIGHT.fdSync, (file) => table.realm.sys.fs.fsync(file)),
  ),
  fd_datasync: call(["i"], ({ table }, _memory, fd) =>
    synchronize(table, fd, RIGHT.fdDatasync, (file) => table.realm.sys.fs.fdatasync(file)),
  ),
};
