import { SyscallError } from "../client.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { mathMin, reflectApply, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { Descriptors } from "./fs-descriptors.ts";
import { Listener } from "./stream-listener.ts";
import type { StreamCore } from "./stream-methods.ts";

/** Bytes of one read. */
const CHUNK = 64 * 1024;

/** What a stream needs of its handle. */
export interface FileSource {
  readonly fd: number;
}

/** A part of an open file as a stream of bytes (the `StreamBase` side of `FileHandle`, src/node_file.cc). */
export class FileStream implements StreamCore {
  readonly listener: Listener;
  readonly readsInLoop = true;
  readonly bytesWritten = 0;
  bytesRead = 0;
  readonly #realm: Realm;
  readonly #descriptors: Descriptors;
  readonly #file: FileSource;
  /** Where the next read begins; below 0 where the file itself is. */
  #offset: number;
  /** Bytes that are still wanted; below 0 all there are. */
  #left: number;
  #isReading = false;
  #isUnderWay = false;

  constructor(
    realm: Realm,
    descriptors: Descriptors,
    file: FileSource,
    target: object,
    offset: number,
    length: number,
  ) {
    this.#realm = realm;
    this.#descriptors = descriptors;
    this.#file = file;
    this.#offset = offset;
    this.#left = length;
    this.listener = new Listener(realm, {
      call: (fn, args) => reflectApply(fn as (...args: never[]) => unknown, target, args as never[]),
    });
  }

  get fd(): number {
    return this.#file.fd;
  }

  #errno(code: string): number {
    return errnoOf(this.#realm, code);
  }

  readStart(): number {
    if (this.#file.fd < 0) return this.#errno("EOF");
    this.#isReading = true;
    if (this.#isUnderWay) return 0;
    if (this.#left === 0) {
      this.listener.emit(this.#errno("EOF"));
      return 0;
    }
    this.#isUnderWay = true;
    this.#realm.loop.complete(() => this.#read());
    return 0;
  }

  readStop(): number {
    this.#isReading = false;
    return 0;
  }

  #read(): void {
    this.#isUnderWay = false;
    const most = mathMin(this.#left < 0 ? CHUNK : mathMin(this.#left, CHUNK), this.listener.room);
    let bytes: Uint8Array;
    try {
      bytes = this.#descriptors.readOnce(this.#file.fd, most, this.#offset);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.listener.emit(this.#errno(error.code));
      return;
    }
    const size = typedArrayByteLength(bytes);
    if (this.#left >= 0) this.#left -= size;
    if (this.#offset >= 0) this.#offset += size;
    this.bytesRead += size;
    if (size === 0) this.listener.emit(this.#errno("EOF"));
    else this.listener.emit(size, bytes);
    if (this.#isReading) this.readStart();
  }

  shutdown(): number {
    return this.#errno("ENOTSUP");
  }

  write(): number {
    return this.#errno("ENOSYS");
  }
}
