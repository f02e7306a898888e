import { MAILBOX } from "../../contract/mailbox.ts";
import { SyscallError } from "../client.ts";
import { exactCopy, part } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { refusedStatus } from "../lib/network-status.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { ArrayProto, mathMin, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { CellStreamLease } from "./cell-stream-lease.ts";
import type { CellStreamParts } from "./cell-stream-parts.ts";
import { Request } from "./request-wrap.ts";
import { streamState } from "./stream-listener.ts";
import { chunksFit, gatherChunks, layChunks } from "./stream-methods.ts";

/** Bytes of one crossing. */
const CHUNK = 64 * 1024;

/** Bytes that are sooner copied than their memory is looked up by the helper, which moves small arrays for that. */
const SMALL = 4096;

/** One write under way. */
interface Write {
  readonly request: Request;
  readonly bytes: Uint8Array;
  /** Bytes the host has taken. */
  sent: number;
}

/** The half of a stream of the cell's that is written to. */
export class CellStreamOutput {
  readonly #parts: CellStreamParts;
  readonly #realm: Realm;
  readonly #lease: CellStreamLease;
  bytesWritten = 0;
  #writes: Write[] = [];
  #isSending = false;
  #shutdown: Request | undefined;
  #isShut = false;

  constructor(parts: CellStreamParts) {
    this.#parts = parts;
    this.#realm = parts.realm;
    this.#lease = new CellStreamLease(parts.realm);
  }

  /** An end is under way. */
  get isEnding(): boolean {
    return this.#shutdown !== undefined;
  }

  get queueSize(): number {
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

  /** Starts a call about the stream; a refusal to start answers it too, in a callback of its own. */
  #start(name: string, settle: (failure: SyscallError | undefined, result: unknown) => void, bytes?: Uint8Array): void {
    const { id } = this.#parts.place;
    try {
      if (bytes) this.#realm.start(name, settle, id, bytes);
      else this.#realm.start(name, settle, id);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#realm.loop.complete(() => settle(error, undefined));
    }
  }

  /** What every write begins with. -> 0 or a negative errno */
  #begin(size: number): number {
    const { handle, place } = this.#parts;
    const { streamBaseState, kBytesWritten, kLastWriteWasAsync } = streamState(this.#realm);
    streamBaseState[kBytesWritten] = size;
    streamBaseState[kLastWriteWasAsync] = 0;
    if (handle.isClosing || !(place.isAttached || place.isConnecting)) return this.#errno("EBADF");
    return this.#isShut ? this.#errno("EPIPE") : 0;
  }

  /** Queues what did not go at once. */
  #queue(request: object, bytes: Uint8Array, sent: number): void {
    const { streamBaseState, kLastWriteWasAsync } = streamState(this.#realm);
    streamBaseState[kLastWriteWasAsync] = 1;
    const { resource } = this.#parts.handle;
    append(this.#writes, {
      request: new Request(this.#realm, request, "WRITEWRAP", "WriteWrap", resource),
      bytes,
      sent,
    });
    this.send();
  }

  write(request: object, bytes: Uint8Array, handle?: object): number {
    // Handles cannot be sent to another process: it is in a cell of its own.
    if (typeof handle === "object" && handle !== null) return this.#errno("ENOTSUP");
    const size = typedArrayByteLength(bytes);
    const refused = this.#begin(size);
    if (refused !== 0) return refused;
    let sent = 0;
    try {
      sent = this.#writeNow(bytes, size);
    } catch (error) {
      if (error instanceof SyscallError) return refusedStatus(this.#realm, error);
      throw error;
    }
    this.bytesWritten += size;
    if (sent < size) this.#queue(request, bytes, sent);
    return 0;
  }

  /** Chunks that fit are laid end to end in the mailbox itself. */
  writeChunks(request: object, chunks: readonly unknown[], allBuffers: boolean): number {
    const { place } = this.#parts;
    const fits = chunksFit(chunks, allBuffers, MAILBOX.outBytes);
    if (!fits || !place.isAttached || place.isNowhere || this.#writes.length > 0)
      return this.write(request, gatherChunks(chunks, allBuffers));
    const { outgoing } = this.#realm.mailbox;
    const size = layChunks(outgoing, chunks, allBuffers);
    const refused = this.#begin(size);
    if (refused !== 0) return refused;
    let sent = 0;
    try {
      sent = this.#sendLaid(size);
    } catch (error) {
      if (error instanceof SyscallError) return refusedStatus(this.#realm, error);
      throw error;
    }
    this.bytesWritten += size;
    // No code of the program's has run since: the bytes are still there.
    if (sent < size) this.#queue(request, exactCopy(outgoing, 0, size), sent);
    return 0;
  }

  /** Sends bytes from the beginning of the mailbox's outgoing part, as many as go without waiting. -> how many */
  #sendLaid(size: number): number {
    const { id } = this.#parts.place;
    const sent = this.#lease.write(id, this.#realm.mailbox.outgoing, 0, size);
    return sent > 0 ? sent : this.#realm.sys.stream.sendNow(id, size);
  }

  /** As much as goes without waiting (`uv_try_write`). -> bytes */
  #writeNow(bytes: Uint8Array, size: number): number {
    const { place } = this.#parts;
    if (place.isNowhere) throw new SyscallError("EPIPE", undefined, undefined);
    if (!place.isAttached || this.#writes.length > 0) return 0;
    let sent = size > SMALL ? this.#lease.write(place.id, bytes, 0, size) : 0;
    // What the system took a part of has no room for more.
    if (sent > 0) return sent;
    while (sent < size) {
      const end = mathMin(size, sent + MAILBOX.outBytes);
      this.#realm.mailbox.put(part(bytes, sent, end));
      sent += this.#sendLaid(end - sent);
      if (sent < end) break;
    }
    return sent;
  }

  /** Sends the next part of the oldest write; after the last one, the end. */
  send(): void {
    const { handle, place } = this.#parts;
    if (!place.isAttached || this.#isSending || handle.isClosing) return;
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
      if (handle.isClosing) return;
      write.sent = end;
      const isDone = failure !== undefined || end === size;
      if (isDone) ArrayProto.shift(this.#writes);
      this.send();
      if (isDone) write.request.finish(failure ? refusedStatus(this.#realm, failure) : 0, handle.target, undefined);
    };
    this.#start("stream.write", settle, exactCopy(write.bytes, write.sent, end));
  }

  shutdown(request: object): number {
    const { handle, place } = this.#parts;
    if (!place.isAttached || this.#isShut || handle.isClosing) return this.#errno("ENOTCONN");
    this.#isShut = true;
    this.#shutdown = new Request(this.#realm, request, "SHUTDOWNWRAP", "ShutdownWrap", handle.resource);
    this.send();
    return 0;
  }

  #sendEnd(request: Request): void {
    const { handle, place } = this.#parts;
    this.#isSending = true;
    const settle = (failure: SyscallError | undefined): void => {
      if (this.#shutdown !== request) return;
      this.#shutdown = undefined;
      request.finish(failure ? this.#errno(failure.code) : 0, handle.target, undefined);
    };
    if (place.isNowhere || this.#realm.sys.stream.shutdownNow(place.id))
      this.#realm.loop.complete(() => settle(undefined));
    else this.#start("stream.shutdown", settle);
  }

  /** What is under way is cancelled, before the handle's own callback. */
  close(): void {
    const { handle } = this.#parts;
    const cancel = (request: Request): void =>
      this.#realm.loop.closing(() => request.finish(this.#errno("ECANCELED"), handle.target, undefined));
    for (let i = 0; i < this.#writes.length; i++) cancel((this.#writes[i] as Write).request);
    this.#writes = [];
    if (this.#shutdown) cancel(this.#shutdown);
    this.#shutdown = undefined;
  }
}
