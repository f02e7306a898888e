import type { Connection } from "../http2/connection.ts";
import { Failure } from "../http2/errors.ts";
import { Receiver } from "../http2/receiver.ts";
import { Sender } from "../http2/sender.ts";
import { asOne } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { SafeMap, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { Callbacks } from "./http2-callbacks.ts";
import type { SessionStatistics } from "./http2-statistics.ts";
import { type Consumer, streamState } from "./stream-listener.ts";
import { type StreamCore, streamFrom } from "./stream-methods.ts";

/** What a transport needs of its session. */
export interface TransportOwner {
  readonly realm: Realm;
  readonly callbacks: Callbacks;
  readonly connection: Connection;
  readonly statistics: SessionStatistics;
  addMemory(bytes: number): void;
  /** A failure ended the connection. */
  fail(failure: number): void;
  /** Calls a function the library has put on the session. */
  callOwn(name: "ondone" | "ongracefulclosecomplete"): void;
  /** Resets a stream that waited for the write under way. */
  flushReset(streamId: number): void;
}

/** Carries a session's bytes over a stream: the input and output of `Http2Session` (src/node_http2.cc). */
export class Transport implements Consumer {
  readonly #owner: TransportOwner;
  readonly #receiver: Receiver;
  readonly #sender: Sender;
  #below: StreamCore | undefined;
  #isSending = false;
  #isWriting = false;
  #isWriteScheduled = false;
  #isReadingStopped = false;
  isInScope = false;
  isClosing = false;
  isDestroyed = false;
  /** The library closes the session when all is done. */
  isGraceful = false;
  /** The connection ended by itself, with a GOAWAY the library did not ask for. */
  endedItself = false;
  /** What to do when the bytes that are being written are. */
  #written: (() => void)[] = [];
  /** Streams to be reset when the write under way is over. */
  #pendingResets = new SafeMap<number, true>();
  chunksSent = 0;

  constructor(owner: TransportOwner) {
    this.#owner = owner;
    this.#receiver = new Receiver(owner.connection);
    this.#sender = new Sender(owner.connection);
  }

  /** Takes the bytes of a stream from now on. */
  consume(handle: object): void {
    this.#below = streamFrom(handle);
    this.#below.listener.consumer = this;
  }

  /** Bytes from the stream below. */
  read(bytes: Uint8Array): void {
    this.#call(() => this.receive(bytes));
  }

  /** Runs what the stream below calls, as whoever it is in. */
  #call(run: () => void): void {
    const { callbacks } = this.#owner;
    if (this.#below?.readsInLoop) callbacks.fromLoop(run);
    else callbacks.fromScript(run);
  }

  receive(bytes: Uint8Array): void {
    const { statistics } = this.#owner;
    this.scope(() => {
      const size = typedArrayByteLength(bytes);
      statistics.bytesRead += size;
      this.#owner.addMemory(size);
      const failure = this.#receiver.receive(bytes);
      this.#owner.addMemory(-size);
      if (failure < 0) this.#owner.fail(failure);
      else if (!this.isDestroyed) this.send();
      this.#maybeStopReading();
    });
  }

  /** Does something that may leave frames to send: they are sent soon (`Http2Scope`). */
  scope<T>(run: () => T): T {
    if (this.isInScope || this.#isWriteScheduled) return run();
    this.isInScope = true;
    try {
      return run();
    } finally {
      this.isInScope = false;
      if (!this.#isWriteScheduled) this.#maybeScheduleWrite();
    }
  }

  #maybeScheduleWrite(): void {
    if (!this.#owner.connection.wantsWrite) return;
    this.#isWriteScheduled = true;
    this.soon(() => {
      if (!this.#isWriteScheduled) return;
      this.#owner.callbacks.inScope(() => this.send());
    });
  }

  /** Runs it before the next immediates, and keeps the program alive until then (`SetImmediate` of src/env.h). */
  soon(run: () => void): void {
    const { loop } = this.#owner.realm;
    loop.ref();
    loop.beforeCheck(() => {
      loop.unref();
      run();
    });
  }

  /** Writes what there is to send. -> whether it has to wait for the write under way */
  send(): boolean {
    if (this.isDestroyed) return false;
    this.#isWriteScheduled = false;
    if (this.#isSending) return true;
    this.#isSending = true;
    const pieces: Uint8Array[] = [];
    for (let more = this.#sender.next(); more !== undefined; more = this.#sender.next()) {
      for (let i = 0; i < more.length; i++) {
        append(pieces, more[i] as Uint8Array);
        this.#owner.statistics.bytesWritten += typedArrayByteLength(more[i] as Uint8Array);
      }
    }
    if (!this.#below || pieces.length === 0) {
      this.#clearOutgoing();
      return false;
    }
    this.chunksSent++;
    this.#isWriting = true;
    if (!this.#write(this.#below, pieces)) {
      this.#isWriting = false;
      this.#clearOutgoing();
      this.#maybeNotifyGraceful();
    }
    this.#maybeStopReading();
    if (this.endedItself) {
      this.endedItself = false;
      if (!this.isClosing && !this.isDestroyed) this.#owner.fail(Failure.protocol);
    }
    return false;
  }

  /** -> whether somebody will say when it is done */
  #write(below: StreamCore, pieces: readonly Uint8Array[]): boolean {
    const { realm } = this.#owner;
    const { WriteWrap } = realm.internalBinding("stream_wrap") as { WriteWrap: new () => { oncomplete: unknown } };
    const request = new WriteWrap();
    request.oncomplete = (): void => this.#call(() => this.#afterWrite());
    const status = writePieces(below, request, pieces);
    const { streamBaseState, kLastWriteWasAsync } = streamState(realm);
    return status === 0 && streamBaseState[kLastWriteWasAsync] !== 0;
  }

  #afterWrite(): void {
    this.#maybeNotifyGraceful();
    this.#isWriting = false;
    this.#clearOutgoing();
    if (this.#isReadingStopped && !this.#isWriting && this.#owner.connection.wantsRead) this.#startReading();
    if (this.isDestroyed) {
      this.#owner.callOwn("ondone");
      this.#startReading();
      return;
    }
    if (!this.#isWriteScheduled) this.#maybeScheduleWrite();
  }

  #clearOutgoing(): void {
    this.#isSending = false;
    const written = this.#written;
    this.#written = [];
    for (let i = 0; i < written.length; i++) (written[i] as () => void)();
    if (this.#pendingResets.size === 0) return;
    const resets = this.#pendingResets;
    this.#pendingResets = new SafeMap();
    this.send();
    resets.forEach((_, id) => {
      this.#owner.flushReset(id);
    });
  }

  /** Something to do when what is being sent has been written. */
  whenWritten(run: () => void): void {
    append(this.#written, run);
  }

  addPendingReset(streamId: number): void {
    this.#pendingResets.set(streamId, true);
  }

  hasPendingReset(streamId: number): boolean {
    return this.#pendingResets.has(streamId);
  }

  removePendingReset(streamId: number): void {
    this.#pendingResets.delete(streamId);
  }

  #startReading(): void {
    this.#isReadingStopped = false;
    this.#below?.readStart();
  }

  #stopReading(): void {
    this.#isReadingStopped = true;
    this.#below?.readStop();
  }

  #maybeStopReading(): void {
    if (this.#isReadingStopped || this.isClosing || this.#owner.connection.wantsRead) return;
    this.#stopReading();
  }

  #maybeNotifyGraceful(): void {
    const { connection } = this.#owner;
    if (!this.isGraceful || connection.wantsWrite || connection.wantsRead) return;
    this.#owner.callOwn("ongracefulclosecomplete");
  }

  /**
   * Ends the connection with a GOAWAY.
   * @param isGone the stream below is closed: nothing can be written any more
   */
  close(code: number, isGone: boolean): void {
    this.isClosing = true;
    const below = this.#below;
    if (below) this.#stopReading();
    if (!isGone) {
      this.scope(() => {
        this.#owner.connection.terminate(code);
        this.send();
      });
    } else if (below?.listener.consumer === this) {
      below.listener.consumer = undefined;
    }
    this.isDestroyed = true;
    if (this.#isWriting && below) return;
    this.#owner.callOwn("ondone");
    if (below) this.#startReading();
  }
}

/** Writes pieces as one write: as they are where the stream can tell them apart, else put together. */
function writePieces(below: StreamCore, request: object, pieces: readonly Uint8Array[]): number {
  if (below.writePieces) return below.writePieces(request, pieces);
  return below.write(request, asOne(pieces));
}
