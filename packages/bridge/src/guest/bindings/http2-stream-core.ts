import { ErrorCode, Failure } from "../http2/errors.ts";
import type { Field } from "../http2/hpack-table.ts";
import type { Category } from "../http2/listener.ts";
import { exactCopy } from "../lib/bytes.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { typedArrayByteLength } from "../primordials.ts";
import { type AsyncResource, asyncObjects } from "./async-object.ts";
import type { SessionCore } from "./http2-session-core.ts";
import { StreamStatistics } from "./http2-statistics.ts";
import { StreamHeaders } from "./http2-stream-headers.ts";
import { StreamSource } from "./http2-stream-source.ts";
import { StreamWrites } from "./http2-stream-writes.ts";
import { Listener, streamState } from "./stream-listener.ts";
import type { Puller, StreamCore as StreamBase } from "./stream-methods.ts";

/** Options of `request` and `respond` (STREAM_OPTION_* of src/node_http2.h). */
export const StreamOption = { emptyPayload: 1, getTrailers: 2 } as const;

/** `shutdown` is over when it returns. */
const DONE = 1;
/** Bytes waiting for which reading is interrupted. */
const SEND_EARLY = 4096;

/** `Http2Stream` of src/node_http2.cc: one stream as a stream of bytes, towards the library. */
export class StreamCore implements StreamBase {
  readonly id: number;
  readonly session: SessionCore;
  readonly readsInLoop = false;
  readonly fd = -1;
  bytesRead = 0;
  bytesWritten = 0;
  category: Category;
  isDestroyed = false;
  readonly headers: StreamHeaders;
  readonly writes: StreamWrites;
  readonly statistics: StreamStatistics;
  #target: object | undefined;
  #resource: AsyncResource | undefined;
  #listener: Listener | undefined;
  #code = 0;
  /** Its end was told: there is nothing left to reset. */
  #isDetached = false;
  #isReading = false;
  /** Bytes handed on while the library did not want to read. */
  #unconsumed = 0;

  constructor(session: SessionCore, id: number, category: Category) {
    this.session = session;
    this.id = id;
    this.category = category;
    this.headers = new StreamHeaders(session);
    this.writes = new StreamWrites(this);
    this.statistics = new StreamStatistics(session.realm);
  }

  /** Binds it to the object the library sees. */
  attach(target: object): void {
    this.#target = target;
    this.#resource = asyncObjects(this.session.realm).begin(target, "HTTP2STREAM");
    this.#listener = new Listener(this.session.realm, this.#resource);
  }

  /** @param options of `StreamOption` */
  begin(options: number): void {
    if (options & StreamOption.getTrailers) this.writes.hasTrailers = true;
    if (options & StreamOption.emptyPayload) this.shutdown();
  }

  get target(): object {
    return this.#target as object;
  }

  get resource(): AsyncResource {
    return this.#resource as AsyncResource;
  }

  get listener(): Listener {
    return this.#listener as Listener;
  }

  #errno(code: string): number {
    return errnoOf(this.session.realm, code);
  }

  /** Another block begins. */
  startHeaders(category: Category): void {
    this.headers.drop();
    this.category = category;
  }

  /** -> whether it is within the limits */
  addHeader(field: Field): boolean {
    if (field.name.length === 0) return true;
    if (!this.headers.add(field)) return false;
    this.statistics.headerCame();
    return true;
  }

  /** Bytes came. */
  read(bytes: Uint8Array): void {
    const size = typedArrayByteLength(bytes);
    this.statistics.byteCame();
    this.bytesRead += size;
    this.session.callbacks.make(() => this.listener.emit(size, exactCopy(bytes)));
    if (this.isDestroyed) return;
    if (this.#isReading) this.#consume(size);
    else this.#unconsumed += size;
    if (this.writes.available > SEND_EARLY) this.session.transport.send();
  }

  #consume(count: number): void {
    const { connection } = this.session;
    connection.flow.consumeStream(connection.streams.get(this.id), count);
  }

  /** Nothing more comes. */
  end(): void {
    this.session.callbacks.make(() => this.listener.emit(this.#errno("EOF")));
  }

  readStart(): number {
    if (this.isDestroyed) return 0;
    this.session.transport.scope(() => {
      this.#isReading = true;
      const count = this.#unconsumed;
      this.#unconsumed = 0;
      this.#consume(count);
    });
    return 0;
  }

  readStop(): number {
    this.#isReading = false;
    return 0;
  }

  shutdown(): number {
    if (this.isDestroyed) return this.#errno("EPIPE");
    this.session.transport.scope(() => {
      this.writes.end();
      this.session.connection.submit.resume(this.id);
    });
    return DONE;
  }

  write(request: object, bytes: Uint8Array): number {
    const { streamBaseState, kBytesWritten, kLastWriteWasAsync } = streamState(this.session.realm);
    const size = typedArrayByteLength(bytes);
    streamBaseState[kBytesWritten] = size;
    streamBaseState[kLastWriteWasAsync] = 0;
    if (!this.writes.isOpen || this.isDestroyed) return this.#errno("EOF");
    this.bytesWritten += size;
    this.session.transport.scope(() => {
      this.writes.add(request, bytes);
      this.session.connection.submit.resume(this.id);
    });
    streamBaseState[kLastWriteWasAsync] = 1;
    return 0;
  }

  pullFrom(puller: Puller): void {
    this.writes.puller = puller;
  }

  respond(fields: readonly Field[], options: number): number {
    if (this.isDestroyed) return Failure.invalidStreamState;
    if (options & StreamOption.getTrailers) this.writes.hasTrailers = true;
    const isEmpty = !this.writes.isOpen || (options & StreamOption.emptyPayload) !== 0;
    const source = isEmpty ? undefined : new StreamSource(this.session, this.id);
    return this.session.transport.scope(() => this.session.connection.submit.response(this.id, fields, source));
  }

  info(fields: readonly Field[]): number {
    if (this.isDestroyed) return Failure.invalidStreamState;
    return this.session.transport.scope(() => this.session.connection.submit.headers(this.id, fields, false));
  }

  trailers(fields: readonly Field[]): number {
    if (this.isDestroyed) return Failure.invalidStreamState;
    const { connection } = this.session;
    return this.session.transport.scope(() =>
      // Browsers do not like an empty block: an empty frame of data ends the stream as well.
      fields.length === 0
        ? connection.submit.data(this.id, new StreamSource(this.session, this.id))
        : connection.submit.headers(this.id, fields, true),
    );
  }

  pushPromise(fields: readonly Field[], category: Category, options: number): StreamCore | number {
    if (this.isDestroyed) return Failure.invalidStreamState;
    return this.session.transport.scope(() => {
      const id = this.session.connection.submit.promise(this.id, fields);
      return id <= 0 ? id : this.session.addStream(id, category, options);
    });
  }

  submitReset(code: number): void {
    if (this.isDestroyed) return;
    this.#code = code;
    const { session } = this;
    // What is being sent goes out before the stream is closed.
    if ((session.transport.isInScope && code === ErrorCode.cancel) || session.transport.send()) {
      session.transport.addPendingReset(this.id);
      return;
    }
    this.flushReset();
  }

  flushReset(): void {
    if (this.#isDetached) return;
    this.session.transport.removePendingReset(this.id);
    this.session.transport.scope(() => this.session.connection.submit.reset(this.id, this.#code, true));
  }

  destroy(): void {
    if (this.isDestroyed) return;
    const { session } = this;
    if (session.transport.hasPendingReset(this.id)) this.flushReset();
    this.isDestroyed = true;
    if (!session.removeStream(this.id)) return;
    const soon = (run: () => void): void => session.transport.soon(() => session.callbacks.fromLoop(run));
    soon(() => {
      this.writes.cancel(this.#errno("ECANCELED"));
      this.#isDetached = true;
      this.writes.puller?.unpipe();
      this.resource.destroy();
    });
    session.statistics.streamEnded(this.statistics.began);
    const tell = (run: () => void): void => soon(() => session.callbacks.make(run));
    this.statistics.tell(this.id, this.bytesRead, this.bytesWritten, tell);
  }
}
