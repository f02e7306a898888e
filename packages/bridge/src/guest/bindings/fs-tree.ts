import { SyscallError } from "../client.ts";
import { ArrayProto, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { smallMode } from "./fs-arguments.ts";
import type { Call } from "./fs-call.ts";
import { makeDirectory } from "./fs-mkdir.ts";
import { absolute, below, encodeName, type PathLike, pathText, sortedEntries } from "./fs-path.ts";

/** What mkdtemp's prefix is followed by. */
const SUFFIX = "XXXXXX";

/** Names alone, or names and types, in the encoding asked for. */
function listing(realm: Realm, path: PathLike, encoding: unknown, withTypes: unknown): unknown {
  const entries = sortedEntries(realm.sys.fs.readdir(absolute(realm, path)));
  const names: unknown[] = [];
  const types: number[] = [];
  for (let i = 0; i < entries.length; i++) {
    const { 0: name, 1: type } = entries[i] as (typeof entries)[number];
    ArrayProto.push(names, encodeName(realm, name, encoding));
    ArrayProto.push(types, type);
  }
  return withTypes === true ? [names, types] : names;
}

/** Makes a directory of a new name; the host answers with an absolute path, the program gets its own prefix back. */
function makeTemporary(realm: Realm, prefix: PathLike, encoding: unknown): string | Uint8Array {
  const given = pathText(prefix);
  const whole = below(realm.cwd, given);
  const made = realm.sys.fs.mkdtemp(whole);
  return encodeName(realm, given + StringProto.slice(made, whole.length), encoding);
}

const names = (realm: Realm): Record<string, Call> => ({
  mkdir: {
    syscall: "mkdir",
    request: 3,
    path: 0,
    run: (path: PathLike, mode: number, recursive: unknown) => makeDirectory(realm, path, mode, recursive),
  },
  mkdtemp: {
    syscall: "mkdtemp",
    request: 2,
    path: 0,
    suffix: SUFFIX,
    run: (prefix: PathLike, encoding: unknown) => makeTemporary(realm, prefix, encoding),
  },
  rmdir: { syscall: "rmdir", request: 1, path: 0, run: (path: PathLike) => realm.sys.fs.rmdir(absolute(realm, path)) },
  unlink: {
    syscall: "unlink",
    request: 1,
    path: 0,
    run: (path: PathLike) => realm.sys.fs.unlink(absolute(realm, path)),
  },
  readdir: {
    syscall: "scandir",
    request: 3,
    path: 0,
    run: (path: PathLike, encoding: unknown, withTypes: unknown) => listing(realm, path, encoding, withTypes),
  },
});

const pairs = (realm: Realm): Record<string, Call> => ({
  rename: {
    syscall: "rename",
    request: 2,
    path: 0,
    dest: 1,
    run: (from: PathLike, to: PathLike) => realm.sys.fs.rename(absolute(realm, from), absolute(realm, to)),
  },
  link: {
    syscall: "link",
    request: 2,
    path: 0,
    dest: 1,
    run: (from: PathLike, to: PathLike) => realm.sys.fs.link(absolute(realm, from), absolute(realm, to)),
  },
  symlink: {
    syscall: "symlink",
    request: 3,
    path: 0,
    dest: 1,
    // The target is text: it stays as written, whatever it leads to.
    run: (target: PathLike, path: PathLike) => realm.sys.fs.symlink(pathText(target), absolute(realm, path)),
  },
  copyFile: {
    syscall: "copyfile",
    request: 3,
    path: 0,
    dest: 1,
    run(from: PathLike, to: PathLike, mode: unknown) {
      const flags = smallMode(mode);
      return realm.sys.fs.copyFile(absolute(realm, from), absolute(realm, to), flags);
    },
  },
});

const texts = (realm: Realm): Record<string, Call> => ({
  readlink: {
    syscall: "readlink",
    request: 2,
    path: 0,
    run: (path: PathLike, encoding: unknown) =>
      encodeName(realm, realm.sys.fs.readlink(absolute(realm, path)), encoding),
  },
  realpath: {
    syscall: "realpath",
    request: 2,
    path: 0,
    run: (path: PathLike, encoding: unknown) =>
      encodeName(realm, realm.sys.fs.realpath(absolute(realm, path)), encoding),
  },
  access: {
    syscall: "access",
    request: 2,
    path: 0,
    run(path: PathLike, mode: unknown) {
      const flags = smallMode(mode);
      return realm.sys.fs.access(absolute(realm, path), flags);
    },
  },
});

const attributes = (realm: Realm): Record<string, Call> => ({
  chmod: {
    syscall: "chmod",
    request: 2,
    path: 0,
    run: (path: PathLike, mode: number) => realm.sys.fs.chmod(absolute(realm, path), mode),
  },
  chown: {
    syscall: "chown",
    request: 3,
    path: 0,
    run: (path: PathLike, uid: number, gid: number) => realm.sys.fs.chown(absolute(realm, path), uid, gid),
  },
  lchown: {
    syscall: "lchown",
    request: 3,
    path: 0,
    run: (path: PathLike, uid: number, gid: number) => realm.sys.fs.lchown(absolute(realm, path), uid, gid),
  },
  utimes: {
    syscall: "utime",
    request: 3,
    path: 0,
    run: (path: PathLike, atime: number, mtime: number) => realm.sys.fs.utimes(absolute(realm, path), atime, mtime),
  },
  lutimes: {
    syscall: "lutime",
    request: 3,
    path: 0,
    run: (path: PathLike, atime: number, mtime: number) => realm.sys.fs.lutimes(absolute(realm, path), atime, mtime),
  },
});

/** Calls on paths. */
export const treeCalls = (realm: Realm): Record<string, Call> => ({
  ...names(realm),
  ...pairs(realm),
  ...texts(realm),
  ...attributes(realm),
});

/** existsSync() never throws. */
export function exists(realm: Realm, path: PathLike): boolean {
  try {
    realm.sys.fs.access(absolute(realm, path), 0);
    return true;
  } catch (error) {
    if (error instanceof SyscallError) return false;
    throw error;
  }
}
