import { Queue } from "../http2/queue.ts";
import type { DataSource } from "../http2/stream.ts";
import { part } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { mathMin, typedArrayByteLength } from "../primordials.ts";
import { type AsyncResource, asyncObjects } from "./async-object.ts";
import type { SessionCore } from "./http2-session-core.ts";
import type { StreamCore } from "./http2-stream-core.ts";
import type { Puller } from "./stream-methods.ts";

/** Bytes the library has written. */
interface Write {
  readonly request: object;
  readonly resource: AsyncResource;
  readonly bytes: Uint8Array;
  /** Bytes that have been taken. */
  at: number;
}

/** What one stream has to send: writes that wait for their turn, and the end that comes after them. */
export class StreamWrites implements DataSource {
  readonly #stream: StreamCore;
  readonly #session: SessionCore;
  readonly #queue = new Queue<Write>();
  #available = 0;
  #isOpen = true;
  /** Trailers follow the last byte. */
  hasTrailers = false;
  /** Brings data when there is none: a file that is being sent. */
  puller: Puller | undefined;

  constructor(stream: StreamCore) {
    this.#stream = stream;
    this.#session = stream.session;
  }

  /** More can be written. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Bytes that wait. */
  get available(): number {
    return this.#available;
  }

  /** Nothing is written any more; what waits is still sent. */
  end(): void {
    this.#isOpen = false;
  }

  add(request: object, bytes: Uint8Array): void {
    const session = this.#session;
    const size = typedArrayByteLength(bytes);
    const resource = this.#stream.resource.trigger(() => asyncObjects(session.realm).begin(request, "WRITEWRAP"));
    this.#queue.push({ request, resource, bytes, at: 0 });
    this.#available += size;
    session.addMemory(size);
  }

  #finish({ request, resource }: Write, status: number): void {
    const { oncomplete } = request as { oncomplete?: unknown };
    if (typeof oncomplete === "function") {
      this.#session.callbacks.make(() => resource.call(oncomplete, [status, this.#stream.target, undefined]));
    }
    resource.destroy();
  }

  /** What is to be sent next, at most so many bytes (`Provider::Stream::OnRead`). */
  next(most: number): ReturnType<DataSource["next"]> {
    this.#stream.statistics.byteAsked();
    for (let first = this.#queue.first; first && typedArrayByteLength(first.bytes) === 0; first = this.#queue.first) {
      this.#queue.shift();
      this.#finish(first, 0);
    }
    if (this.#available === 0 && this.#isOpen) {
      this.puller?.want();
      if (this.#available === 0 && this.#isOpen) return undefined;
    }
    const size = mathMin(this.#available, most);
    this.#available -= size;
    this.#session.addMemory(-size);
    const isEnd = this.#available === 0 && !this.#isOpen;
    const keepsOpen = isEnd && this.hasTrailers;
    if (keepsOpen) {
      this.hasTrailers = false;
      this.#session.tellStream(this.#stream, "streamTrailers", []);
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
      this.#session.transport.whenWritten(() => this.#finish(write, 0));
    }
  }

  /** @param status what the writes that wait end with */
  cancel(status: number): void {
    for (let write = this.#queue.shift(); write !== undefined; write = this.#queue.shift()) {
      this.#finish(write, status);
    }
    this.#session.addMemory(-this.#available);
    this.#available = 0;
  }
}
