import { bool, bytes, int, list, none, num, numbers, optional, path, str } from "./codec.ts";
import { async, type FsNeed, need, sync } from "./declare.ts";

const O_ACCMODE = 3;
const O_CREAT = 0o100;
const O_TRUNC = 0o1000;

/** What an `open(2)` with these flags (Linux values, whatever the host) does to the file. */
function openNeeds(target: string, flags: number): readonly FsNeed[] {
  const access = flags & O_ACCMODE;
  const reads = access !== 1;
  const writes = access !== 0 || (flags & (O_CREAT | O_TRUNC)) !== 0;
  const needs: FsNeed[] = [];
  if (reads || !writes) needs.push(need.follow("read", target));
  if (writes) needs.push(need.follow("write", target));
  return needs;
}

/**
 * Files, as `internalBinding('fs')` needs them. Paths are guest paths, already absolute. A stat result is the 18
 * numbers of Node's stat array: dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, then seconds and
 * nanoseconds of atime, mtime, ctime and birthtime.
 */
export const fs = {
  open: sync([path, int, int], int, { needs: openNeeds }),
  close: sync([int], none),
  /** fd, length, position (-1: the handle's own) -> at most `length` bytes, empty at the end. */
  read: sync([int, int, num], bytes),
  /** fd, data, position (-1: the handle's own; at the end when opened for append) -> bytes written. */
  write: sync([int, bytes, num], int),
  /** path, open flags -> the whole file. EFBIG past one payload: the caller then reads in pieces. */
  readFile: sync([path, int], bytes, { needs: openNeeds }),
  /** path, data, open flags, mode */
  writeFile: sync([path, bytes, int, int], none, { needs: (target, _data, flags) => openNeeds(target, flags) }),
  stat: sync([path], numbers, { needs: (target) => [need.follow("stat", target)] }),
  lstat: sync([path], numbers, { needs: (target) => [need.noFollow("stat", target)] }),
  fstat: sync([int], numbers),
  /** -> type, bsize, blocks, bfree, bavail, files, ffree */
  statfs: sync([path], numbers, { needs: (target) => [need.follow("stat", target)] }),
  access: sync([path, int], none, { needs: (target) => [need.follow("stat", target)] }),
  /** -> name, type (UV_DIRENT_*), name, type, ... */
  readdir: sync([path], list, { needs: (target) => [need.follow("readdir", target)], cost: 4 }),
  /** path, mode, recursive -> the first directory made, when recursive */
  mkdir: sync([path, int, bool], optional(str), { needs: (target) => [need.noFollow("mkdir", target)] }),
  /** prefix -> the directory made */
  mkdtemp: sync([path], str, { needs: (prefix) => [need.noFollow("mkdir", `${prefix}XXXXXX`)] }),
  rmdir: sync([path], none, { needs: (target) => [{ ...need.noFollow("rm", target), subtree: false }] }),
  unlink: sync([path], none, { needs: (target) => [{ ...need.noFollow("rm", target), subtree: false }] }),
  /** path, recursive; the target must exist */
  rm: sync([path, bool], none, {
    needs: (target, recursive) => [{ ...need.noFollow("rm", target), subtree: recursive }],
    cost: 4,
  }),
  rename: sync([path, path], none, {
    needs: (from, to) => [need.noFollow("rename", from), need.noFollow("rename", to)],
  }),
  link: sync([path, path], none, { needs: (from, to) => [need.noFollow("link", from), need.noFollow("link", to)] }),
  /** target text (kept as written), path of the link */
  symlink: sync([path, path], none, { needs: (_target, link) => [need.noFollow("symlink", link)] }),
  /** path, mode: the entry of a Unix domain socket. EEXIST; EPERM where the file system has none. */
  makeSocket: sync([path, int], none, { needs: (target) => [need.noFollow("write", target)] }),
  readlink: sync([path], str, { needs: (target) => [need.noFollow("readlink", target)] }),
  realpath: sync([path], str, { needs: (target) => [need.follow("stat", target)] }),
  /** from, to, mode (COPYFILE_*) */
  copyFile: sync([path, path, int], none, {
    needs: (from, to) => [need.follow("read", from), need.follow("copy", to)],
    cost: 4,
  }),
  chmod: sync([path, int], none, { needs: (target) => [need.follow("chmod", target)] }),
  fchmod: sync([int, int], none),
  chown: sync([path, int, int], none, { needs: (target) => [need.follow("chown", target)] }),
  lchown: sync([path, int, int], none, { needs: (target) => [need.noFollow("chown", target)] }),
  fchown: sync([int, int, int], none),
  /** atime and mtime in seconds, fractions allowed */
  utimes: sync([path, num, num], none, { needs: (target) => [need.follow("utimes", target)] }),
  lutimes: sync([path, num, num], none, { needs: (target) => [need.noFollow("utimes", target)] }),
  futimes: sync([int, num, num], none),
  ftruncate: sync([int, int], none),
  fsync: sync([int], none),
  fdatasync: sync([int], none),
  /** -> number of the watcher; ENOSPC when there are too many */
  watch: sync([path], int, { needs: (target) => [need.follow("read", target)] }),
  /** The next change anywhere that is watched -> watcher, whether it is a "rename", name in the watched directory or "" */
  nextChange: async([], list),
  unwatch: sync([int], none),
} as const;
