import { TLS_EVENT_VALUES, TlsEvent } from "../../contract/tls.ts";
import { SyscallError } from "../client.ts";
import { exactCopy, part } from "../lib/bytes.ts";
import { append, putOwn } from "../lib/define.ts";
import { RecordCutter } from "../lib/tls-records.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { ArrayProto, mathMin, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { type AsyncResource, asyncObjects } from "./async-object.ts";
import { cryptoError } from "./crypto-error.ts";
import { type Consumer, Listener, streamState } from "./stream-listener.ts";
import type { StreamCore } from "./stream-methods.ts";
import { type LibraryCall, libraryCall } from "./tls-callbacks.ts";
import { TlsOutput } from "./tls-output.ts";
import { TlsWrites } from "./tls-writes.ts";

/** One event of a step: its number and its values. */
type Event = readonly unknown[];

/** A step of the connection: a syscall that answers events. */
export type Step = (id: number) => readonly unknown[];

/** Reads ciphertext along, while the handshake is in clear. */
export interface Witness {
  onInput(bytes: Uint8Array): void;
  onOutput(bytes: Uint8Array): void;
}

const GONE = 0;

/**
 * TLS over another stream (`TLSWrap` of src/crypto/crypto_tls.cc). The engine is a state machine in the cell: what the
 * stream below reads goes into it, and the events it answers are told here, in their order, as the callbacks they are.
 */
export class TlsStream implements StreamCore, Consumer {
  readonly listener: Listener;
  readonly readsInLoop: boolean;
  readonly resource: AsyncResource;
  bytesRead = 0;
  bytesWritten = 0;
  readonly #realm: Realm;
  readonly #target: object;
  readonly #below: StreamCore;
  /** Who took the bytes of the stream below before, and does again. */
  readonly #former: Consumer | undefined;
  readonly #output: TlsOutput;
  readonly #writes: TlsWrites;
  #id: number;
  readonly #cutter = new RecordCutter();
  readonly #witness: () => Witness | undefined;
  /** What is still to be told, and what the engine has still to see. */
  #untold: Event[] = [];
  #isEnded = false;
  #isShut = false;

  /**
   * @param id the cell's number of the connection
   * @param held what others wrote to the stream below has to be out first
   * @param witness who sees ciphertext: the other side's before the engine does
   */
  constructor(
    realm: Realm,
    target: object,
    below: StreamCore,
    id: number,
    held: boolean,
    witness: () => Witness | undefined,
  ) {
    this.#realm = realm;
    this.#target = target;
    this.#below = below;
    this.#id = id;
    this.#witness = witness;
    this.readsInLoop = below.readsInLoop;
    this.resource = asyncObjects(realm).begin(target, "TLSWRAP");
    this.listener = new Listener(realm, this.resource);
    this.#output = new TlsOutput(realm, below, held, (status) => this.#outputDone(status));
    this.#writes = new TlsWrites({
      realm,
      target,
      resource: this.resource,
      output: this.#output,
      pass: (plaintext) => this.step((connection) => realm.sys.tls.write(connection, plaintext)),
    });
    this.#former = below.listener.consumer;
    below.listener.consumer = this;
  }

  get fd(): number {
    return this.#below.fd;
  }

  /** The cell's number, 0 once it is destroyed. */
  get id(): number {
    return this.#id;
  }

  get writeQueueSize(): number {
    return this.#output.size;
  }

  #errno(code: string): number {
    return errnoOf(this.#realm, code);
  }

  readStart(): number {
    return this.#id === GONE || this.#isEnded ? 0 : this.#below.readStart();
  }

  readStop(): number {
    return this.#id === GONE ? 0 : this.#below.readStop();
  }

  /**
   * What the stream below read. The engine sees one record at a time, so that callbacks find it as far as it was when
   * OpenSSL makes them.
   */
  read(bytes: Uint8Array): void {
    if (this.#isEnded) return;
    const pieces = this.#cutter.cut(bytes);
    const events: Event[] = [];
    for (let i = 0; i < pieces.length; i++) append(events, ["receive", pieces[i]]);
    this.#tellLater(events);
  }

  /** The stream below ended or failed. */
  fail(nread: number): void {
    if (!this.#isEnded) this.#tellLater([["fail", nread]]);
  }

  /** The same for bytes JavaScript has (`TLSWrap::Receive`). */
  receive(bytes: Uint8Array): void {
    const pieces = this.#cutter.cut(bytes);
    for (let i = 0; i < pieces.length && !this.#isEnded; i++) {
      const piece = exactCopy(pieces[i] as Uint8Array);
      this.#witness()?.onInput(piece);
      this.step((id) => this.#realm.sys.tls.receive(id, piece));
    }
  }

  /** Runs a step JavaScript asked for and tells what came of it at once. */
  step(step: Step): void {
    const events = this.#ask(step);
    for (let i = 0; i < events.length; i++) this.#tell(events[i] as Event);
  }

  /** -> the events of a step. What the sandbox refuses is an error of the connection. */
  #ask(step: Step): Event[] {
    if (this.#id === GONE) return [];
    let flat: readonly unknown[];
    try {
      flat = step(this.#id);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      return [["refused", cryptoError(error)]];
    }
    const events: Event[] = [];
    for (let at = 0; at < flat.length; ) {
      const end = at + 1 + (TLS_EVENT_VALUES[flat[at] as number] as number);
      const event = ArrayProto.slice(flat as unknown[], at, end);
      // In the engine's order, whatever is told in between.
      if (event[0] === TlsEvent.output) {
        this.#output.add(event[1] as Uint8Array);
        this.#witness()?.onOutput(event[1] as Uint8Array);
      }
      append(events, event);
      at = end;
    }
    if (this.#writes.isWaiting) append(events, ["settle"]);
    return events;
  }

  /** Tells events that came from the stream below. In the loop each is a callback of its own, with its ticks. */
  #tellLater(events: Event[]): void {
    const isTelling = this.#untold.length > 0;
    for (let i = 0; i < events.length; i++) append(this.#untold, events[i] as Event);
    if (!isTelling) this.#tellNext();
  }

  readonly #tellNext = (): void => {
    for (let event = this.#next(); event !== undefined; event = this.#next()) {
      if (this.readsInLoop && event[0] !== TlsEvent.output) {
        if (this.#untold.length > 0) this.#realm.loop.goOn(this.#tellNext);
        this.#tell(event);
        return;
      }
      let isTold = false;
      try {
        this.#tell(event);
        isTold = true;
      } finally {
        if (!isTold) this.#realm.loop.complete(this.#tellNext);
      }
    }
  };

  /** The next event to tell, of what the engine has seen or has to be shown first. */
  #next(): Event | undefined {
    for (;;) {
      const next = ArrayProto.shift(this.#untold) as Event | undefined;
      if (next?.[0] !== "receive") return next;
      const bytes = exactCopy(next[1] as Uint8Array);
      this.#witness()?.onInput(bytes);
      const events = this.#ask((id) => this.#realm.sys.tls.receive(id, bytes));
      for (let i = events.length - 1; i >= 0; i--) ArrayProto.unshift(this.#untold, events[i]);
    }
  }

  #call({ name, args }: LibraryCall): void {
    const callback = (this.#target as Record<string, unknown>)[name];
    if (typeof callback === "function") this.resource.call(callback, args);
  }

  #tell(event: Event): void {
    if (this.#id === GONE) return;
    const { 0: kind, 1: first, 2: second } = event;
    if (kind === TlsEvent.handshakeDone) this.#writes.isEstablished = true;
    const call = libraryCall(this.#realm, event);
    if (call) {
      this.#call(call);
      return;
    }
    switch (kind) {
      case TlsEvent.output:
        this.#flush();
        break;
      case TlsEvent.input:
        this.#deliver(first as Uint8Array);
        break;
      case TlsEvent.end:
        this.#end(this.#errno("EOF"));
        break;
      case TlsEvent.written:
        this.#writes.taken(first as string, second as string);
        break;
      case TlsEvent.servername:
        this.#nameServer(first);
        break;
      case "fail":
        this.#end(first as number);
        break;
      case "settle":
        this.#writes.settle();
        break;
    }
  }

  /** Plaintext, at most as much at once as the reader has room for. */
  #deliver(bytes: Uint8Array): void {
    const size = typedArrayByteLength(bytes);
    for (let at = 0; at < size && this.#id !== GONE; ) {
      const count = mathMin(size - at, this.listener.room);
      this.bytesRead += count;
      this.listener.emit(count, count === size ? bytes : exactCopy(part(bytes, at, at + count)));
      at += count;
    }
  }

  /** Nothing comes after the end the other side announced, nor after that of the stream below. */
  #end(nread: number): void {
    if (this.#isEnded) return;
    if (nread === this.#errno("EOF")) this.#isEnded = true;
    this.listener.emit(nread);
  }

  /** `TLSWrap::SelectSNIContextCallback` puts it on the socket. */
  #nameServer(name: unknown): void {
    const { owner_symbol: owner } = this.#realm.internalBinding("symbols") as { owner_symbol: symbol };
    const socket = (this.#target as Record<symbol, unknown>)[owner] ?? this.#target;
    putOwn(socket as object, "servername", name);
  }

  write(request: object, bytes: Uint8Array, handle?: object): number {
    const { streamBaseState, kBytesWritten, kLastWriteWasAsync } = streamState(this.#realm);
    const size = typedArrayByteLength(bytes);
    // What the stream below told of its own write meanwhile is not meant.
    const told = (status: number): number => {
      streamBaseState[kBytesWritten] = size;
      streamBaseState[kLastWriteWasAsync] = status === 0 ? 1 : 0;
      return status;
    };
    if (typeof handle === "object" && handle !== null) return told(this.#errno("ENOTSUP"));
    if (this.#id === GONE) {
      putOwn(request, "error", "Write after DestroySSL");
      return told(this.#errno("EPROTO"));
    }
    this.bytesWritten += size;
    return told(this.#writes.begin(request, bytes));
  }

  #flush(): void {
    const failed = this.#output.flush();
    if (failed !== 0) this.#writes.finish(failed);
  }

  /** The stream below has what it was given. */
  #outputDone(status: number): void {
    if (this.#id === GONE) return;
    if (status !== 0) {
      // After an end of one's own nobody waits for it.
      if (!this.#isShut) this.#writes.finish(status);
      return;
    }
    this.#flush();
    this.#writes.settle();
  }

  /** What others wrote to the stream below is out. */
  release(): void {
    this.#output.release();
    this.#flush();
  }

  shutdown(request: object): number {
    if (this.#id !== GONE && !this.#isShut) this.step((id) => this.#realm.sys.tls.shutdown(id));
    this.#isShut = true;
    return this.#below.shutdown(request);
  }

  /** Ends the engine's part; the stream below goes back to whom it was before. */
  destroy(): number {
    const id = this.#id;
    if (id === GONE) return GONE;
    this.#id = GONE;
    this.#untold = [];
    this.#writes.finish(this.#errno("ECANCELED"), "Canceled because of SSL destruction");
    const { listener } = this.#below;
    if (listener.consumer === this) listener.consumer = this.#former;
    return id;
  }
}
