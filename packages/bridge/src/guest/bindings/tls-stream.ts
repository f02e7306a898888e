import { TlsEvent } from "../../contract/tls.ts";
import { exactCopy, part } from "../lib/bytes.ts";
import { append, putOwn } from "../lib/define.ts";
import { RecordCutter } from "../lib/tls-records.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { mathMin, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { type AsyncResource, asyncObjects } from "./async-object.ts";
import { type Consumer, Listener, streamState } from "./stream-listener.ts";
import type { StreamCore } from "./stream-methods.ts";
import { type LibraryCall, libraryCall } from "./tls-callbacks.ts";
import { type Event, type Step, TlsEngine, type Witness } from "./tls-engine.ts";
import { TlsEventQueue } from "./tls-event-queue.ts";
import { TlsOutput } from "./tls-output.ts";
import { TlsWrites } from "./tls-writes.ts";

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
  readonly #engine: TlsEngine;
  readonly #events: TlsEventQueue;
  readonly #cutter = new RecordCutter();
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
    this.#engine = new TlsEngine({ realm, id, output: this.#output, writes: this.#writes, witness });
    this.#events = new TlsEventQueue(realm, this.#engine, this.readsInLoop, (event) => this.#tell(event));
    this.#former = below.listener.consumer;
    below.listener.consumer = this;
  }

  get fd(): number {
    return this.#below.fd;
  }

  /** The cell's number, 0 once it is destroyed. */
  get id(): number {
    return this.#engine.id;
  }

  get writeQueueSize(): number {
    return this.#output.size;
  }

  #errno(code: string): number {
    return errnoOf(this.#realm, code);
  }

  readStart(): number {
    return this.#engine.isGone || this.#isEnded ? 0 : this.#below.readStart();
  }

  readStop(): number {
    return this.#engine.isGone ? 0 : this.#below.readStop();
  }

  /** What the stream below read. */
  read(bytes: Uint8Array): void {
    if (this.#isEnded) return;
    const pieces = this.#cutter.cut(bytes);
    const events: Event[] = [];
    for (let i = 0; i < pieces.length; i++) append(events, ["receive", pieces[i]]);
    this.#events.add(events);
  }

  /** The stream below ended or failed. */
  fail(nread: number): void {
    if (!this.#isEnded) this.#events.add([["fail", nread]]);
  }

  /** The same for bytes JavaScript has (`TLSWrap::Receive`). */
  receive(bytes: Uint8Array): void {
    const pieces = this.#cutter.cut(bytes);
    for (let i = 0; i < pieces.length && !this.#isEnded; i++) {
      this.#tellAll(this.#engine.receive(exactCopy(pieces[i] as Uint8Array)));
    }
  }

  /** Runs a step JavaScript asked for and tells what came of it at once. */
  step(step: Step): void {
    this.#tellAll(this.#engine.ask(step));
  }

  #tellAll(events: readonly Event[]): void {
    for (let i = 0; i < events.length; i++) this.#tell(events[i] as Event);
  }

  #call({ name, args }: LibraryCall): void {
    const callback = (this.#target as Record<string, unknown>)[name];
    if (typeof callback === "function") this.resource.call(callback, args);
  }

  #tell(event: Event): void {
    if (this.#engine.isGone) return;
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
    for (let at = 0; at < size && !this.#engine.isGone; ) {
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
    if (this.#engine.isGone) {
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
    if (this.#engine.isGone) return;
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
    if (!this.#engine.isGone && !this.#isShut) this.step((id) => this.#realm.sys.tls.shutdown(id));
    this.#isShut = true;
    return this.#below.shutdown(request);
  }

  /** Ends the engine's part; the stream below goes back to whom it was before. -> what the cell has to be told, or 0 */
  destroy(): number {
    if (this.#engine.isGone) return 0;
    const id = this.#engine.leave();
    this.#events.clear();
    this.#writes.finish(this.#errno("ECANCELED"), "Canceled because of SSL destruction");
    const { listener } = this.#below;
    if (listener.consumer === this) listener.consumer = this.#former;
    return id;
  }
}
