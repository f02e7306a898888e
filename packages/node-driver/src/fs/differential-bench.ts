import * as node from "node:fs";
import { type Caller, codeOf, textOf, utf8 } from "./harness.ts";

/** What is compared of a stat result: the rest differs between any two file systems. */
export interface Facts {
  readonly mode: number;
  readonly nlink: number;
  readonly size: number;
  readonly mtime: readonly [seconds: number, nanoseconds: number];
}

/** The operations of the table, on paths below the bench's own directory (`/a` is `<base>/a`). */
export interface Bench {
  codeOf(operation: () => void): string;
  open(path: string, flags: number, mode?: number): number;
  close(fd: number): void;
  read(fd: number, length: number, position?: number): string;
  write(fd: number, text: string, position?: number): number;
  readFile(path: string): string;
  writeFile(path: string, text: string, flags?: number, mode?: number): void;
  stat(path: string): Facts;
  lstat(path: string): Facts;
  fstat(fd: number): Facts;
  access(path: string, mode: number): void;
  readdir(path: string): readonly string[];
  mkdir(path: string, mode?: number): void;
  mkdirs(path: string): string | undefined;
  mkdtemp(prefix: string): string;
  rmdir(path: string): void;
  unlink(path: string): void;
  rm(path: string): void;
  rename(from: string, to: string): void;
  link(from: string, to: string): void;
  symlink(text: string, path: string): void;
  readlink(path: string): string;
  realpath(path: string): string;
  copyFile(from: string, to: string, mode?: number): void;
  chmod(path: string, mode: number): void;
  utimes(path: string, atime: number, mtime: number): void;
  lutimes(path: string, atime: number, mtime: number): void;
  ftruncate(fd: number, length: number): void;
  fsync(fd: number): void;
}

const TYPES = ["unknown", "file", "directory", "link"];
const TRUNCATE = 0o1101;

const nodeFacts = (stats: node.BigIntStats): Facts => {
  const directory = stats.isDirectory();
  return {
    mode: Number(stats.mode),
    // What a directory counts and measures is the file system's own affair.
    nlink: directory ? 0 : Number(stats.nlink),
    size: directory ? 0 : Number(stats.size),
    mtime: [
      Math.floor(Number(stats.mtimeMs) / 1000),
      Number(BigInt.asUintN(64, stats.mtimeNs + 10n ** 18n) % 10n ** 9n),
    ],
  };
};

const guestFacts = (stat: readonly unknown[]): Facts => {
  const [, mode = 0, nlink = 0, , , , , , size = 0, , , , seconds = 0, nanoseconds = 0] = stat as readonly number[];
  const directory = (mode & 0o170000) === 0o040000;
  return { mode, nlink: directory ? 0 : nlink, size: directory ? 0 : size, mtime: [seconds, nanoseconds] };
};

/** `node:fs` itself in a directory of the host. */
export function hostBench(base: string): Bench {
  const at = (path: string): string => base + path;
  const back = (path: string): string => path.slice(base.length);
  const big = { bigint: true } as const;
  return {
    codeOf(operation) {
      try {
        operation();
        return "ok";
      } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? String(error);
      }
    },
    open: (path, flags, mode = 0o666) => node.openSync(at(path), flags, mode),
    close: (fd) => node.closeSync(fd),
    read(fd, length, position = -1) {
      const buffer = Buffer.alloc(length);
      return buffer.toString("latin1", 0, node.readSync(fd, buffer, 0, length, position === -1 ? null : position));
    },
    write: (fd, text, position = -1) =>
      node.writeSync(fd, Buffer.from(text), 0, text.length, position === -1 ? null : position),
    readFile: (path) => node.readFileSync(at(path), "utf8"),
    writeFile: (path, text, flags = TRUNCATE, mode = 0o666) =>
      node.writeFileSync(at(path), text, { flag: flags as unknown as string, mode }),
    stat: (path) => nodeFacts(node.statSync(at(path), big)),
    lstat: (path) => nodeFacts(node.lstatSync(at(path), big)),
    fstat: (fd) => nodeFacts(node.fstatSync(fd, big)),
    access: (path, mode) => node.accessSync(at(path), mode),
    readdir: (path) =>
      node
        .readdirSync(at(path), { withFileTypes: true })
        .map((entry) => `${entry.name}:${entry.isDirectory() ? "directory" : entry.isSymbolicLink() ? "link" : "file"}`)
        .sort(),
    mkdir: (path, mode = 0o777) => void node.mkdirSync(at(path), mode),
    mkdirs(path) {
      const first = node.mkdirSync(at(path), { recursive: true });
      return first === undefined ? first : back(first);
    },
    mkdtemp: (prefix) => back(node.mkdtempSync(at(prefix))),
    rmdir: (path) => node.rmdirSync(at(path)),
    unlink: (path) => node.unlinkSync(at(path)),
    rm: (path) => node.rmSync(at(path), { recursive: true }),
    rename: (from, to) => node.renameSync(at(from), at(to)),
    link: (from, to) => node.linkSync(at(from), at(to)),
    symlink: (text, path) => node.symlinkSync(text, at(path)),
    readlink: (path) => node.readlinkSync(at(path)),
    realpath: (path) => back(node.realpathSync.native(at(path))),
    copyFile: (from, to, mode = 0) => node.copyFileSync(at(from), at(to), mode),
    chmod: (path, mode) => node.chmodSync(at(path), mode),
    // node:fs reads a negative number as "now"; as a date it reaches the system, as it does from the guest's library.
    utimes(path, atime, mtime) {
      const time = (seconds: number): Date | number => (seconds < 0 ? new Date(seconds * 1000) : seconds);
      node.utimesSync(at(path), time(atime), time(mtime));
    },
    lutimes: (path, atime, mtime) => node.lutimesSync(at(path), atime, mtime),
    ftruncate: (fd, length) => node.ftruncateSync(fd, length),
    fsync: (fd) => node.fsyncSync(fd),
  };
}

/** A mount, through the handlers. */
export function guestBench(guest: Caller, base: string): Bench {
  const at = (path: string): string => base + path;
  const back = (path: string): string => path.slice(base.length);
  return {
    codeOf,
    open: (path, flags, mode = 0o666) => guest.fs("open", at(path), flags, mode),
    close: (fd) => guest.fs("close", fd),
    read: (fd, length, position = -1) => Buffer.from(guest.fs("read", fd, length, position)).toString("latin1"),
    write: (fd, text, position = -1) => guest.fs("write", fd, utf8(text), position),
    readFile: (path) => textOf(guest.fs("readFile", at(path), 0)),
    writeFile: (path, text, flags = TRUNCATE, mode = 0o666) => guest.fs("writeFile", at(path), utf8(text), flags, mode),
    stat: (path) => guestFacts(guest.fs("stat", at(path))),
    lstat: (path) => guestFacts(guest.fs("lstat", at(path))),
    fstat: (fd) => guestFacts(guest.fs("fstat", fd)),
    access: (path, mode) => guest.fs("access", at(path), mode),
    readdir(path) {
      const listing = guest.fs("readdir", at(path));
      const entries: string[] = [];
      for (let i = 0; i < listing.length; i += 2) entries.push(`${listing[i]}:${TYPES[listing[i + 1] as number]}`);
      return entries.sort();
    },
    mkdir: (path, mode = 0o777) => void guest.fs("mkdir", at(path), mode, false),
    mkdirs(path) {
      const first = guest.fs("mkdir", at(path), 0o777, true);
      return first === undefined ? first : back(first);
    },
    mkdtemp: (prefix) => back(guest.fs("mkdtemp", at(prefix))),
    rmdir: (path) => guest.fs("rmdir", at(path)),
    unlink: (path) => guest.fs("unlink", at(path)),
    rm: (path) => guest.fs("rm", at(path), true),
    rename: (from, to) => guest.fs("rename", at(from), at(to)),
    link: (from, to) => guest.fs("link", at(from), at(to)),
    symlink: (text, path) => guest.fs("symlink", text, at(path)),
    readlink: (path) => guest.fs("readlink", at(path)),
    realpath: (path) => back(guest.fs("realpath", at(path))),
    copyFile: (from, to, mode = 0) => guest.fs("copyFile", at(from), at(to), mode),
    chmod: (path, mode) => guest.fs("chmod", at(path), mode),
    utimes: (path, atime, mtime) => guest.fs("utimes", at(path), atime, mtime),
    lutimes: (path, atime, mtime) => guest.fs("lutimes", at(path), atime, mtime),
    ftruncate: (fd, length) => guest.fs("ftruncate", fd, length),
    fsync: (fd) => guest.fs("fsync", fd),
  };
}
