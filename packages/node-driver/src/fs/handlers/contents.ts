import { MAX_PAYLOAD } from "@vivarium/bridge/contract";
import type { Handlers } from "@vivarium/core/cell";
import { errnoOf, fail } from "../failure.ts";
import type { Handle, Handles } from "../handles.ts";
import * as linux from "../linux.ts";
import type { OpenFile } from "../node.ts";
import type { Place } from "../place.ts";
import { onePlace, present, vacant, writable } from "./access.ts";

type Contents = Pick<
  Handlers<"fs", Place>,
  | "open"
  | "close"
  | "read"
  | "write"
  | "readFile"
  | "writeFile"
  | "fstat"
  | "fchmod"
  | "fchown"
  | "futimes"
  | "ftruncate"
  | "fsync"
  | "fdatasync"
>;

/** Opens the place as open(2) does. */
export function openPlace(place: Place, flags: number, mode: number): OpenFile {
  if ((flags & linux.O_TMPFILE_BIT) !== 0) fail("EOPNOTSUPP");
  if ((flags & linux.O_CREAT) !== 0 && place.slash && (place.node ?? place.holder) !== undefined) fail("EISDIR");
  const exclusive = (flags & linux.O_CREAT) !== 0 && (flags & linux.O_EXCL) !== 0;
  if (exclusive && (place.node !== undefined || place.viaLink)) fail("EEXIST");
  if (place.viaLink && (flags & linux.O_NOFOLLOW) !== 0) fail("ELOOP");
  if (place.node === undefined && place.holder !== undefined && (flags & linux.O_CREAT) !== 0)
    return create(place, flags, mode);
  const node = present(place);
  const changes = linux.writes(flags) || (flags & linux.O_TRUNC) !== 0;
  if (node.kind === "directory") {
    if (changes || (flags & linux.O_CREAT) !== 0) fail("EISDIR");
  } else if ((flags & linux.O_DIRECTORY) !== 0) fail("ENOTDIR");
  if (changes && node.kind !== "device") writable(node);
  return node.open(flags);
}

function create(place: Place, flags: number, mode: number): OpenFile {
  const directory = vacant(place);
  try {
    return directory.create(place.name, flags, mode);
  } catch (error) {
    // Somebody else made the file since the look-up: that is no failure unless it was asked to be one.
    const node = errnoOf(error) === "EEXIST" && (flags & linux.O_EXCL) === 0 ? directory.lookup(place.name) : undefined;
    if (node?.kind !== "file") throw error;
    return node.open(flags);
  }
}

/** Reads an open file to its end. */
export function readAll(file: OpenFile): Uint8Array {
  const size = file.kind === "file" ? file.size() : 0;
  if (size > MAX_PAYLOAD) fail("EFBIG");
  const first = file.read(size > 0 ? size : 64 * 1024, 0);
  if (first.length === size && size > 0) return first;
  const parts = [first];
  let length = first.length;
  for (let part = first; part.length > 0; ) {
    part = file.read(64 * 1024, length);
    parts.push(part);
    length += part.length;
    if (length > MAX_PAYLOAD) fail("EFBIG");
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Writes all of `data`, which may take several steps where a quota or disk is nearly full. */
export function writeAll(file: OpenFile, data: Uint8Array, position: number, append: boolean): void {
  let done = 0;
  while (done < data.length) {
    const written = file.write(done === 0 ? data : data.subarray(done), position + done, append);
    if (written === 0) fail("EIO");
    done += written;
  }
}

const closing = <T>(file: OpenFile, use: (file: OpenFile) => T): T => {
  try {
    return use(file);
  } finally {
    file.close();
  }
};

/**
 * The file of a handle whose metadata may change. Linux asks only for ownership; here a handle opened for reading
 * was granted reading and nothing else.
 */
const changeable = (handle: Handle): OpenFile => (handle.writable ? handle.file : fail("EACCES"));

const done = (_nothing: unknown): undefined => undefined;

/** Syscalls on open files and on whole contents. Descriptors 0, 1 and 2 are not known here. */
export function contentHandlers(handles: Handles): Contents {
  return {
    open: (grants, _path, flags, mode) => handles.open(flags, () => openPlace(onePlace(grants), flags, mode)),
    close: (_grants, descriptor) => done(handles.close(descriptor)),
    read: (_grants, descriptor, length, position) => handles.get(descriptor).read(length, position),
    write: (_grants, descriptor, data, position) => handles.get(descriptor).write(data, position),
    readFile(grants, _path, flags) {
      const file = openPlace(onePlace(grants), flags, 0o666);
      return closing(file, (open) => (linux.reads(flags) ? readAll(open) : fail("EBADF")));
    },
    writeFile(grants, _path, data, flags, mode) {
      const file = openPlace(onePlace(grants), flags, mode);
      closing(file, (open) =>
        linux.writes(flags) ? writeAll(open, data, 0, (flags & linux.O_APPEND) !== 0) : fail("EBADF"),
      );
      return undefined;
    },
    fstat: (_grants, descriptor) => handles.get(descriptor).file.stat(),
    fchmod: (_grants, descriptor, mode) => done(changeable(handles.get(descriptor)).chmod(mode)),
    fchown: (_grants, descriptor, uid, gid) => done(changeable(handles.get(descriptor)).chown(uid, gid)),
    futimes: (_grants, descriptor, atime, mtime) => done(changeable(handles.get(descriptor)).utimes(atime, mtime)),
    ftruncate(_grants, descriptor, length) {
      const handle = handles.get(descriptor);
      if (!handle.writable || length < 0) fail("EINVAL");
      return done(handle.file.truncate(length));
    },
    fsync: (_grants, descriptor) => done(handles.get(descriptor).file.sync(false)),
    fdatasync: (_grants, descriptor) => done(handles.get(descriptor).file.sync(true)),
  };
}
