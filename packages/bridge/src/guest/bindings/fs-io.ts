import { bytesOfView, part } from "../lib/bytes.ts";
import { encodeString, parseEncoding } from "../lib/encodings.ts";
import { closesLater } from "../lib/held-files.ts";
import { mathMin, TypedArrayProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { descriptor, position } from "./fs-arguments.ts";
import type { Call, Waiting } from "./fs-call.ts";
import { bytesOfAll, type Descriptors } from "./fs-descriptors.ts";
import { failure } from "./fs-error.ts";
import { absolute, type PathLike } from "./fs-path.ts";
import { readOnlyFiles } from "./fs-read-only.ts";
import { type StandardStreams, standardStreams } from "./fs-stdio.ts";

export interface IoParts {
  readonly realm: Realm;
  readonly streams: StandardStreams;
  readonly descriptors: Descriptors;
}

/** O_CREAT, O_EXCL and O_TRUNC: what an open has done that is not to be done again. */
const ONLY_ONCE = 0o100 | 0o200 | 0o1000;

/** Opens a file with the run's umask applied. */
export function openFile(realm: Realm, path: PathLike, flags: number, mode: number): number {
  const whole = absolute(realm, path);
  const streams = standardStreams(realm);
  const stream = streams.openByName(whole);
  if (stream !== undefined) return stream;
  let fd = realm.sys.fs.open(whole, flags, mode & ~realm.umask);
  // The number is that of a pipe the program was given. The file keeps it, unused, and is opened again under the next.
  while (streams.has(fd)) fd = realm.sys.fs.open(whole, flags & ~ONLY_ONCE, 0);
  readOnlyFiles(realm).opened(fd, whole, flags);
  return fd;
}

/** Closes a descriptor. @throws SyscallError EBADF */
export function closeFile({ realm, streams }: Pick<IoParts, "realm" | "streams">, fd: number): void {
  readOnlyFiles(realm).closed(fd);
  if (streams.has(fd)) streams.close(fd);
  else if (!closesLater(fd)) realm.sys.fs.close(fd);
}

/** Copies what was read into views, one after the other, and counts it. */
function scatter(views: readonly Uint8Array[], bytes: Uint8Array): number {
  let at = 0;
  for (let i = 0; i < views.length && at < bytes.length; i++) {
    const view = views[i] as Uint8Array;
    const end = mathMin(at + view.length, bytes.length);
    TypedArrayProto.set(view, part(bytes, at, end), 0);
    at = end;
  }
  return at;
}

/** Waits for input on descriptor 0; other descriptors answer at once. */
const waitFor = (
  streams: StandardStreams,
  fd: unknown,
  views: () => readonly Uint8Array[],
  at: unknown,
): Waiting | undefined =>
  typeof fd !== "number" || streams.streamOf(fd) !== 0
    ? undefined
    : (end) => {
        const targets = views();
        let length = 0;
        for (let i = 0; i < targets.length; i++) length += (targets[i] as Uint8Array).length;
        streams.read(fd, length, position(at), (cause, bytes) => end(cause, bytes && scatter(targets, bytes)));
      };

const reading = ({ realm, streams, descriptors }: IoParts): Record<string, Call> => ({
  read: {
    syscall: "read",
    request: 5,
    run: (fd: unknown, view: ArrayBufferView, offset: number, length: number, at: unknown) =>
      descriptors.read(descriptor(realm, fd), bytesOfView(view), offset, length, position(at)),
    waits: ({ 0: fd, 1: view, 2: offset, 3: length, 4: at }) =>
      waitFor(
        streams,
        fd,
        () => {
          const start = offset as number;
          return [part(bytesOfView(view as ArrayBufferView), start, start + (length as number))];
        },
        at,
      ),
  },
  readBuffers: {
    syscall: "read",
    request: 3,
    run: (fd: unknown, views: readonly ArrayBufferView[], at: unknown) =>
      descriptors.readAll(descriptor(realm, fd), bytesOfAll(views), position(at)),
    waits: ({ 0: fd, 1: views, 2: at }) =>
      waitFor(streams, fd, () => bytesOfAll(views as readonly ArrayBufferView[]), at),
  },
});

const writing = ({ realm, descriptors }: IoParts): Record<string, Call> => ({
  writeBuffer: {
    syscall: "write",
    request: 5,
    run: (fd: unknown, view: ArrayBufferView, offset: number, length: number, at: unknown) =>
      descriptors.write(descriptor(realm, fd), bytesOfView(view), offset, length, position(at)),
  },
  writeBuffers: {
    syscall: "write",
    request: 3,
    run: (fd: unknown, views: readonly ArrayBufferView[], at: unknown) =>
      descriptors.writeAll(descriptor(realm, fd), bytesOfAll(views), position(at)),
  },
  writeString: {
    syscall: "write",
    request: 4,
    run(fd: unknown, text: string, at: unknown, encoding: unknown) {
      const bytes = encodeString(text, parseEncoding(encoding));
      return descriptors.write(descriptor(realm, fd), bytes, 0, bytes.length, position(at));
    },
  },
});

/** Calls on an open file other than reading and writing; a standard stream refuses them with `code`. */
function onFile(
  { realm, streams }: IoParts,
  [syscall, request, code]: readonly [syscall: string, request: number, code: string],
  run: (fd: number, a: number, b: number) => unknown,
): Call {
  return {
    syscall,
    request,
    run(fd: unknown, a: number, b: number) {
      const number = descriptor(realm, fd);
      return streams.has(number) ? streams.refuse(number, code) : run(number, a, b);
    },
  };
}

const metadata = (parts: IoParts): Record<string, Call> => {
  const { realm } = parts;
  const files = readOnlyFiles(realm);
  const { fs } = realm.sys;
  return {
    fchmod: onFile(parts, ["fchmod", 2, "EPERM"], (fd, mode) =>
      files.change(
        fd,
        () => fs.fchmod(fd, mode),
        (path) => fs.chmod(path, mode),
      ),
    ),
    fchown: onFile(parts, ["fchown", 3, "EPERM"], (fd, uid, gid) =>
      files.change(
        fd,
        () => fs.fchown(fd, uid, gid),
        (path) => fs.chown(path, uid, gid),
      ),
    ),
    futimes: onFile(parts, ["futime", 3, "EPERM"], (fd, atime, mtime) =>
      files.change(
        fd,
        () => fs.futimes(fd, atime, mtime),
        (path) => fs.utimes(path, atime, mtime),
      ),
    ),
    ftruncate: onFile(parts, ["ftruncate", 2, "EINVAL"], (fd, length) => {
      if (length < 0) throw failure("EINVAL");
      return realm.sys.fs.ftruncate(fd, length);
    }),
    fsync: onFile(parts, ["fsync", 1, "EINVAL"], (fd) => realm.sys.fs.fsync(fd)),
    fdatasync: onFile(parts, ["fdatasync", 1, "EINVAL"], (fd) => realm.sys.fs.fdatasync(fd)),
  };
};

/** Calls on descriptors, and open() that makes them. */
export function ioCalls(parts: IoParts): Record<string, Call> {
  const { realm } = parts;
  return {
    open: {
      syscall: "open",
      request: 3,
      path: 0,
      run: (path: PathLike, flags: number, mode: number) => openFile(realm, path, flags, mode),
    },
    close: { syscall: "close", request: 1, run: (fd: unknown) => closeFile(parts, descriptor(realm, fd)) },
    ...reading(parts),
    ...writing(parts),
    ...metadata(parts),
  };
}
