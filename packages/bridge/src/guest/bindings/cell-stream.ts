import { SyscallError } from "../client.ts";
import { exactCopy, part } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import type { Arrival } from "../lib/mailbox.ts";
import { refusedStatus } from "../lib/network-status.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { ArrayProto, mathMin, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { Handle } from "./handle-wrap.ts";
import { Request } from "./request-wrap.ts";
import { Listener, streamState } from "./stream-listener.ts";
import type { StreamCore } from "./stream-methods.ts";

/** Bytes of one crossing. */
const CHUNK = 64 * 1024;
const NOT_ATTACHED = -1;
/** Instead of a stream's number: the pipe of a child that could not be started (`uv_spawn`). */
export const NOWHERE = -2;

/** One write under way. */
interface Write {
  readonly request: Request;
  readonly bytes: Uint8Array;
  /** Bytes the host has taken. */
  sent: number;
}

/** A stream of the cell's as libuv's `uv_stream_t` (src/stream_wrap.cc, deps/uv/src/unix/stream.c). */
export class CellStream implements StreamCore {
  readonly listener: Listener;
  readonly readsInLoop = true;
  readonly #realm: Realm;
  readonly #handle: Handle;
  fd = -1;
  bytesRead = 0;
  bytesWritten = 0;
  #id = NOT_ATTACHED;
  #isReading = false;
  /** The cell sends what it reads. */
  #isFed = false;
  /** The cell's word for whoever hears what it reads; 0 before the first. */
  #token = 0;
  #isScheduled = false;
  /** What arrived while nobody was reading, or more than the reader's buffer holds: bytes, or a negative errno. */
  #kept: (Uint8Array | number)[] = [];
  /** Why the host says no, where that is what is kept last. */
  #refusal: SyscallError | undefined;
  #writes: Write[] = [];
  #isSending = false;
  #shutdown: Request | undefined;
  #isShut = false;
  /** A connection is on its way: what is written meanwhile waits. */
  isConnecting = false;
  /** How the cell's stream is given up. */
  #release: (id: number) => void;

  constructor(realm: Realm, handle: Handle) {
    this.#realm = realm;
    this.#handle = handle;
    this.#release = (id) => realm.sys.stream.close(id);
    this.listener = new Listener(realm, handle.resource);
    handle.atClose(() => this.#close());
  }

  get isAttached(): boolean {
    return this.#id !== NOT_ATTACHED;
  }

  /** The cell's number of the stream; negative where there is none. A child's pipe may stand for it (child-pump.ts). */
  get id(): number {
    return this.#id;
  }

  /** Binds it to the cell's stream of this number. What was written before goes out now. */
  attach(id: number): void {
    this.#id = id;
    // What it would have led to does not exist: there is nothing to read, and nobody to write to.
    if (id === NOWHERE) append(this.#kept, this.#errno("EOF"));
    this.isConnecting = false;
    this.#send();
  }

  /** Closing it will break the connection off. -> 0 or a negative errno, where an end is under way already */
  resetAtClose(): number {
    if (this.#shutdown) return this.#errno("EINVAL");
    this.#release = (id) => this.#realm.sys.stream.reset(id);
    return 0;
  }

  get writeQueueSize(): number {
    let size = 0;
    for (let i = 0; i < this.#writes.length; i++) {
      const { bytes, sent } = this.#writes[i] as Write;
      size += typedArrayByteLength(bytes) - sent;
    }
    return size;
  }

  #errno(code: string): number {
    return errnoOf(this.#realm, code);
  }

  readStart(): number {
    if (this.#handle.isClosing) return this.#errno("EINVAL");
    if (!this.isAttached) return this.#errno("ENOTCONN");
    if (this.#isReading) return this.#errno("EALREADY");
    this.#setReading(true);
    this.#goOn();
    return 0;
  }

  readStop(): number {
    this.#setReading(false);
    return 0;
  }

  #setReading(reading: boolean): void {
    this.#isReading = reading;
    this.#handle.setActive(reading);
  }

  /** Brings the next delivery about: of what is kept in a callback of its own, else of what the cell has next. */
  #goOn(): void {
    if (!this.#isReading) return;
    if (this.#kept.length === 0) {
      this.#feed();
      return;
    }
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#realm.loop.complete(() => {
      this.#isScheduled = false;
      this.#deliver();
    });
  }

  /** Has the cell send what it reads from now on. */
  #feed(): void {
    if (this.#isFed) return;
    this.#isFed = true;
    if (this.#token === 0)
      this.#token = this.#realm.listen((failure, arrival) => this.#arrived(failure, arrival as Arrival | undefined));
    try {
      this.#realm.sys.stream.start(this.#id, this.#token);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#realm.loop.complete(() => this.#arrived(error, undefined));
    }
  }

  #arrived(failure: SyscallError | undefined, arrival: Arrival | undefined): void {
    if (this.#handle.isClosing) return;
    const size = arrival?.size ?? 0;
    if (size === 0) this.#isFed = false;
    const isNext = this.#isReading && this.#kept.length === 0 && !this.#isScheduled;
    if (isNext && arrival && size > 0 && this.listener.consumer?.copies) {
      this.#emit(size, arrival.borrow());
      return;
    }
    this.#refusal = failure;
    append(this.#kept, failure ? this.#errno(failure.code) : arrival && size > 0 ? arrival.own() : this.#errno("EOF"));
    if (this.#isReading) {
      if (!this.#isScheduled) this.#deliver();
    } else if (this.#isFed) {
      // Nobody wants it now: no more of it. A reader that comes back between two pieces costs nothing.
      this.#isFed = false;
      this.#attempt(() => this.#realm.sys.stream.stop(this.#id));
    }
  }

  /** A refusal is no news here. */
  #attempt(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
    }
  }

  /** Hands on the oldest piece, or what of it the reader has room for. */
  #deliver(): void {
    const kept = this.#kept[0];
    if (!this.#isReading || kept === undefined) return;
    ArrayProto.shift(this.#kept);
    if (typeof kept === "number") {
      this.#setReading(false);
      if (this.#refusal) refusedStatus(this.#realm, this.#refusal);
      this.listener.emit(kept);
      return;
    }
    const size = typedArrayByteLength(kept);
    const taken = mathMin(size, this.listener.room);
    if (taken < size) ArrayProto.unshift(this.#kept, part(kept, taken, size));
    this.#emit(taken, taken < size ? exactCopy(kept, 0, taken) : kept);
  }

  #emit(size: number, bytes: Uint8Array): void {
    this.bytesRead += size;
    try {
      this.listener.emit(size, bytes);
    } finally {
      this.#goOn();
    }
  }

  /** Starts a call about the stream; a refusal to start answers it too, in a callback of its own. */
  #start(name: string, settle: (failure: SyscallError | undefined, result: unknown) => void, bytes?: Uint8Array): void {
    try {
      if (bytes) this.#realm.start(name, settle, this.#id, bytes);
      else this.#realm.start(name, settle, this.#id);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#realm.loop.complete(() => settle(error, undefined));
    }
  }

  write(request: object, bytes: Uint8Array, handle?: object): number {
    const { streamBaseState, kBytesWritten, kLastWriteWasAsync } = streamState(this.#realm);
    const size = typedArrayByteLength(bytes);
    streamBaseState[kBytesWritten] = size;
    streamBaseState[kLastWriteWasAsync] = 0;
    // Handles cannot be sent to another process: it is in a cell of its own.
    if (typeof handle === "object" && handle !== null) return this.#errno("ENOTSUP");
    if (this.#handle.isClosing || !(this.isAttached || this.isConnecting)) return this.#errno("EBADF");
    if (this.#isShut) return this.#errno("EPIPE");
    let sent = 0;
    try {
      sent = this.#writeNow(bytes, size);
    } catch (error) {
      if (error instanceof SyscallError) return refusedStatus(this.#realm, error);
      throw error;
    }
    this.bytesWritten += size;
    if (sent === size) return 0;
    streamBaseState[kLastWriteWasAsync] = 1;
    append(this.#writes, {
      request: new Request(this.#realm, request, "WRITEWRAP", "WriteWrap", this.#handle.resource),
      bytes,
      sent,
    });
    this.#send();
    return 0;
  }

  /** As much as goes without waiting (`uv_try_write`). -> bytes */
  #writeNow(bytes: Uint8Array, size: number): number {
    if (this.#id === NOWHERE) throw new SyscallError("EPIPE", undefined, undefined);
    if (!this.isAttached || this.#writes.length > 0) return 0;
    let sent = 0;
    while (sent < size) {
      const end = mathMin(size, sent + CHUNK);
      this.#realm.mailbox.put(part(bytes, sent, end));
      sent += this.#realm.sys.stream.sendNow(this.#id, end - sent);
      if (sent < end) break;
    }
    return sent;
  }

  /** Sends the next part of the oldest write; after the last one, the end. */
  #send(): void {
    if (!this.isAttached || this.#isSending || this.#handle.isClosing) return;
    const write = this.#writes[0];
    if (!write) {
      if (this.#shutdown) this.#sendEnd(this.#shutdown);
      return;
    }
    this.#isSending = true;
    const size = typedArrayByteLength(write.bytes);
    const end = mathMin(size, write.sent + CHUNK);
    const settle = (failure: SyscallError | undefined): void => {
      this.#isSending = false;
      if (this.#handle.isClosing) return;
      write.sent = end;
      const isDone = failure !== undefined || end === size;
      if (isDone) ArrayProto.shift(this.#writes);
      this.#send();
      if (isDone)
        write.request.finish(failure ? refusedStatus(this.#realm, failure) : 0, this.#handle.target, undefined);
    };
    this.#start("stream.write", settle, exactCopy(write.bytes, write.sent, end));
  }

  shutdown(request: object): number {
    if (!this.isAttached || this.#isShut || this.#handle.isClosing) return this.#errno("ENOTCONN");
    this.#isShut = true;
    this.#shutdown = new Request(this.#realm, request, "SHUTDOWNWRAP", "ShutdownWrap", this.#handle.resource);
    this.#send();
    return 0;
  }

  #sendEnd(request: Request): void {
    this.#isSending = true;
    const settle = (failure: SyscallError | undefined): void => {
      if (this.#shutdown !== request) return;
      this.#shutdown = undefined;
      request.finish(failure ? this.#errno(failure.code) : 0, this.#handle.target, undefined);
    };
    if (this.#id === NOWHERE || this.#realm.sys.stream.shutdownNow(this.#id))
      this.#realm.loop.complete(() => settle(undefined));
    else this.#start("stream.shutdown", settle);
  }

  /** Gives the stream up; what is under way is cancelled, before the handle's own callback. */
  #close(): void {
    this.#isReading = false;
    this.#kept = [];
    this.#realm.unlisten(this.#token);
    const cancel = (request: Request): void =>
      this.#realm.loop.closing(() => request.finish(this.#errno("ECANCELED"), this.#handle.target, undefined));
    for (let i = 0; i < this.#writes.length; i++) cancel((this.#writes[i] as Write).request);
    this.#writes = [];
    if (this.#shutdown) cancel(this.#shutdown);
    this.#shutdown = undefined;
    if (!this.isAttached) return;
    this.#attempt(() => this.#release(this.#id));
    this.#id = NOT_ATTACHED;
  }
}
