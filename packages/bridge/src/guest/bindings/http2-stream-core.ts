import { ErrorCode, Failure } from "../http2/errors.ts";
import { type Field, fieldSize } from "../http2/hpack-table.ts";
import type { Category } from "../http2/listener.ts";
import { Queue } from "../http2/queue.ts";
import type { DataSource } from "../http2/stream.ts";
import { exactCopy, part } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { mathMin, typedArrayByteLength } from "../primordials.ts";
import { type AsyncResource, asyncObjects } from "./async-object.ts";
import type { SessionCore } from "./http2-session-core.ts";
import { StreamStatistics } from "./http2-statistics.ts";
import { Listener, streamState } from "./stream-listener.ts";
import type { Puller, StreamCore as StreamBase } from "./stream-methods.ts";

/** Options of `request` and `respond` (STREAM_OPTION_* of src/node_http2.h). */
export const StreamOption = { emptyPayload: 1, getTrailers: 2 } as const;

const MAX_HEADER_LIST = 16777215;
/** `shutdown` is over when it returns. */
const DONE = 1;

/** Bytes the library has written. */
interface Write {
  readonly request: object;
  readonly resource: AsyncResource;
  readonly bytes: Uint8Array;
  /** Bytes that have been taken. */
  at: number;
}

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
  #target: object | undefined;
  #resource: AsyncResource | undefined;
  #listener: Listener | undefined;
  #headers: Field[] = [];
  /** What the block being read counts for `maxSessionMemory`, and what those before do. */
  #currentHeaders = 0;
  #keptHeaders = 0;
  /** Longest block, as it was said when the stream began. */
  readonly #maxHeaders: number;
  readonly #statistics: StreamStatistics;
  #code = 0;
  #hasTrailers = false;
  #isWritable = true;
  #isReading = false;
  /** Bytes handed on while the library did not want to read. */
  #unconsumed = 0;
  readonly #queue = new Queue<Write>();
  #available = 0;
  /** Brings data when there is none: a file that is being sent. */
  #puller: Puller | undefined;

  constructor(session: SessionCore, id: number, category: Category) {
    this.session = session;
    this.id = id;
    this.category = category;
    this.#maxHeaders = mathMin(session.connection.settings.local.maxHeaderListSize, MAX_HEADER_LIST);
    this.#statistics = new StreamStatistics(session.realm);
  }

  /** Binds it to the object the library sees. */
  attach(target: object): void {
    this.#target = target;
    this.#resource = asyncObjects(this.session.realm).begin(target, "HTTP2STREAM");
    this.#listener = new Listener(this.session.realm, this.#resource);
  }

  /** @param options of `StreamOption` */
  begin(options: number): void {
    if (options & StreamOption.getTrailers) this.#hasTrailers = true;
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

  get headersSize(): number {
    return this.#currentHeaders + this.#keptHeaders;
  }

  #errno(code: string): number {
    return errnoOf(this.session.realm, code);
  }

  startHeaders(category: Category): void {
    this.dropHeaders();
    this.category = category;
  }

  dropHeaders(): void {
    this.session.addMemory(-this.#currentHeaders);
    this.#currentHeaders = 0;
    this.#headers = [];
  }

  /** -> whether it is within the limits */
  addHeader(field: Field): boolean {
    if (field.name.length === 0) return true;
    const { limits } = this.session;
    const size = fieldSize(field.name, field.value);
    const fits =
      this.session.hasMemory(size) &&
      this.#headers.length < limits.maxHeaderPairs &&
      this.#currentHeaders + size <= this.#maxHeaders;
    if (!fits) return false;
    this.#statistics.headerCame();
    append(this.#headers, field);
    this.#currentHeaders += size;
    this.session.addMemory(size);
    return true;
  }

  /** Names and values by turns, and the names of those that are nobody's business. */
  takeHeaders(): { readonly pairs: string[]; readonly sensitive: string[] } {
    const pairs: string[] = [];
    const sensitive: string[] = [];
    for (let i = 0; i < this.#headers.length; i++) {
      const field = this.#headers[i] as Field;
      append(pairs, field.name);
      append(pairs, field.value);
      if (field.sensitive) append(sensitive, field.name);
    }
    this.#headers = [];
    // They live on in the library's objects.
    this.#keptHeaders += this.#currentHeaders;
    this.#currentHeaders = 0;
    return { pairs, sensitive };
  }

  /** Bytes came. */
  read(bytes: Uint8Array): void {
    const size = typedArrayByteLength(bytes);
    this.#statistics.byteCame();
    this.bytesRead += size;
    this.session.callbacks.make(() => this.listener.emit(size, exactCopy(bytes)));
    if (this.isDestroyed) return;
    if (this.#isReading) this.#consume(size);
    else this.#unconsumed += size;
    if (this.#available > SEND_EARLY) this.session.transport.send();
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
      this.#isWritable = false;
      this.session.connection.submit.resume(this.id);
    });
    return DONE;
  }

  write(request: object, bytes: Uint8Array): number {
    const { streamBaseState, kBytesWritten, kLastWriteWasAsync } = streamState(this.session.realm);
    const size = typedArrayByteLength(bytes);
    streamBaseState[kBytesWritten] = size;
    streamBaseState[kLastWriteWasAsync] = 0;
    if (!this.#isWritable || this.isDestroyed) return this.#errno("EOF");
    this.bytesWritten += size;
    this.session.transport.scope(() => {
      const resource = this.resource.trigger(() => asyncObjects(this.session.realm).begin(request, "WRITEWRAP"));
      this.#queue.push({ request, resource, bytes, at: 0 });
      this.#available += size;
      this.session.addMemory(size);
      this.session.connection.submit.resume(this.id);
    });
    streamBaseState[kLastWriteWasAsync] = 1;
    return 0;
  }

  pullFrom(puller: Puller): void {
    this.#puller = puller;
  }

  #finish({ request, resource }: Write, status: number): void {
    const { oncomplete } = request as { oncomplete?: unknown };
    if (typeof oncomplete === "function") {
      this.session.callbacks.make(() => resource.call(oncomplete, [status, this.target, undefined]));
    }
    resource.destroy();
  }

  /** What is to be sent next, at most so many bytes (`Provider::Stream::OnRead`). */
  next(most: number): ReturnType<DataSource["next"]> {
    this.#statistics.byteAsked();
    for (let first = this.#queue.first; first && typedArrayByteLength(first.bytes) === 0; first = this.#queue.first) {
      this.#queue.shift();
      this.#finish(first, 0);
    }
    if (this.#available === 0 && this.#isWritable) {
      this.#puller?.want();
      if (this.#available === 0 && this.#isWritable) return undefined;
    }
    const size = mathMin(this.#available, most);
    this.#available -= size;
    this.session.addMemory(-size);
    const isEnd = this.#available === 0 && !this.#isWritable;
    const keepsOpen = isEnd && this.#hasTrailers;
    if (keepsOpen) {
      this.#hasTrailers = false;
      this.session.tellStream(this, "streamTrailers", []);
    }
    return { size, isEnd, keepsOpen };
  }

  /** Adds the bytes `next` has announced. */
  take(size: number, to: Uint8Array[]): void {
    for (let left = size; left > 0; ) {
      const write = this.#queue.first;
      if (!write) return;
      const total = typedArrayByteLength(write.bytes);
      const count = mathMin(total - write.at, left);
      append(to, part(write.bytes, write.at, write.at + count));
      left -= count;
      write.at += count;
      if (write.at < total) return;
      this.#queue.shift();
      this.session.transport.whenWritten(() => this.#finish(write, 0));
    }
  }

  respond(fields: readonly Field[], options: number): number {
    if (this.isDestroyed) return Failure.invalidStreamState;
    if (options & StreamOption.getTrailers) this.#hasTrailers = true;
    const isEmpty = !this.#isWritable || (options & StreamOption.emptyPayload) !== 0;
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
  #isDetached = false;

  destroy(): void {
    if (this.isDestroyed) return;
    const { session } = this;
    if (session.transport.hasPendingReset(this.id)) this.flushReset();
    this.isDestroyed = true;
    if (!session.removeStream(this.id)) return;
    const soon = (run: () => void): void => session.transport.soon(() => session.callbacks.fromLoop(run));
    soon(() => {
      this.#cancelWrites();
      this.#isDetached = true;
      this.#puller?.unpipe();
      this.resource.destroy();
    });
    session.statistics.streamEnded(this.#statistics.began);
    const tell = (run: () => void): void => soon(() => session.callbacks.make(run));
    this.#statistics.tell(this.id, this.bytesRead, this.bytesWritten, tell);
  }

  #cancelWrites(): void {
    for (let write = this.#queue.shift(); write !== undefined; write = this.#queue.shift()) {
      this.#finish(write, this.#errno("ECANCELED"));
    }
    this.session.addMemory(-this.#available);
    this.#available = 0;
  }
}

/** Bytes waiting for which reading is interrupted. */
const SEND_EARLY = 4096;

/** What a stream sends, found by its number when it is asked for. */
export class StreamSource implements DataSource {
  readonly #session: SessionCore;
  readonly #id: number;

  constructor(session: SessionCore, id: number) {
    this.#session = session;
    this.#id = id;
  }

  next(most: number): ReturnType<DataSource["next"]> {
    return this.#session.streams.get(this.#id)?.next(most);
  }

  take(size: number, to: Uint8Array[]): void {
    this.#session.streams.get(this.#id)?.take(size, to);
  }
}
