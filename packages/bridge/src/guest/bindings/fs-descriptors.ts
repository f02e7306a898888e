import { SyscallError } from "../client.ts";
import { asOne, bytesOfView, exactCopy } from "../lib/bytes.ts";
import { ArrayProto, arrayBufferByteLength, mathMin, TypedArrayProto, typedArrayBuffer } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { StandardStreams } from "./fs-stdio.ts";

/** Most bytes of one read or write syscall. */
export const STEP = 8 * 1024 * 1024;

/** Bytes that may cross the boundary: the array itself when it is all of its buffer, else a copy of exact size. */
function crossing(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (start === 0 && end === bytes.length) {
    try {
      if (arrayBufferByteLength(typedArrayBuffer(bytes)) === end) return bytes;
    } catch {
      // A SharedArrayBuffer has another getter.
    }
  }
  return exactCopy(bytes, start, end);
}

/** The bytes under each of a list of views. */
export function bytesOfAll(views: readonly ArrayBufferView[]): Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let i = 0; i < views.length; i++) ArrayProto.push(all, bytesOfView(views[i] as ArrayBufferView));
  return all;
}

/** Reading and writing by descriptor, for standard streams and files alike. */
export class Descriptors {
  readonly #realm: Realm;
  readonly #streams: StandardStreams;

  constructor(realm: Realm, streams: StandardStreams) {
    this.#realm = realm;
    this.#streams = streams;
  }

  /** Reads once. @returns at most STEP bytes, none at the end */
  readOnce(fd: number, length: number, position: number): Uint8Array {
    const most = mathMin(length, STEP);
    if (this.#streams.has(fd)) return this.#streams.readSync(fd, most, position);
    return this.#realm.sys.fs.read(fd, most, position);
  }

  /** Fills part of a byte array; a file is read until that is full or the file ends, a stream once. */
  read(fd: number, into: Uint8Array, offset: number, length: number, position: number): number {
    let done = 0;
    while (done < length) {
      const wanted = mathMin(length - done, STEP);
      const bytes = this.#more(done, () => this.readOnce(fd, wanted, position < 0 ? -1 : position + done));
      if (bytes === undefined) break;
      TypedArrayProto.set(into, bytes, offset + done);
      done += bytes.length;
      if (bytes.length < wanted || this.#streams.has(fd)) break;
    }
    return done;
  }

  /** Writes part of a byte array. @returns bytes written, less than asked where the rest does not fit */
  write(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number {
    if (this.#streams.has(fd)) return this.#streams.write(fd, exactCopy(bytes, offset, offset + length), position);
    let done = 0;
    do {
      const start = offset + done;
      const size = mathMin(length - done, STEP);
      const at = position < 0 ? -1 : position + done;
      const written = this.#more(done, () => this.#realm.sys.fs.write(fd, crossing(bytes, start, start + size), at));
      if (written === undefined) break;
      done += written;
      if (written < size) break;
    } while (done < length);
    return done;
  }

  /** As POSIX: what went through before a failure counts, the failure shows on the next call. */
  #more<T>(done: number, step: () => T): T | undefined {
    if (done === 0) return step();
    try {
      return step();
    } catch (error) {
      if (error instanceof SyscallError) return undefined;
      throw error;
    }
  }

  /** readv(2): one array after the other. */
  readAll(fd: number, targets: readonly Uint8Array[], position: number): number {
    let done = 0;
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i] as Uint8Array;
      const at = position < 0 ? -1 : position + done;
      const count = this.#more(done, () => this.read(fd, target, 0, target.length, at));
      done += count ?? 0;
      if (count === undefined || count < target.length || this.#streams.has(fd)) break;
    }
    return done;
  }

  /** writev(2): small arrays go together. */
  writeAll(fd: number, sources: readonly Uint8Array[], position: number): number {
    let total = 0;
    for (let i = 0; i < sources.length; i++) total += (sources[i] as Uint8Array).length;
    if (total <= STEP) return this.write(fd, asOne(sources), 0, total, position);
    let done = 0;
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i] as Uint8Array;
      const at = position < 0 ? -1 : position + done;
      const count = this.#more(done, () => this.write(fd, source, 0, source.length, at));
      done += count ?? 0;
      if (count === undefined || count < source.length) break;
    }
    return done;
  }
}
