import { SyscallFailure } from "../../errors/failure.ts";
import type { CellStream } from "../cell-stream.ts";

/** Bytes one direction of a connection holds. */
const CAPACITY = 64 * 1024;
/** Most bytes of one write. */
const MAX_WRITE = CAPACITY;
const NOTHING = new Uint8Array(0);

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (failure: SyscallFailure) => void;
}

interface Writer extends Waiter<void> {
  readonly data: Uint8Array;
  taken: number;
}

const failed = (code: string): SyscallFailure => new SyscallFailure(code);

/** One direction: a bounded queue of bytes with at most one reader and one writer waiting. */
class Channel {
  #buffer: Uint8Array = NOTHING;
  #size = 0;
  #isEnded = false;
  #isAbandoned = false;
  #error: SyscallFailure | undefined;
  #reader: Waiter<Uint8Array> | undefined;
  #writer: Writer | undefined;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  read(): Promise<Uint8Array> {
    if (this.#reader) return Promise.reject(failed("EBUSY"));
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#serve();
    });
  }

  /** Takes what there is room for. -> bytes */
  put(data: Uint8Array): number {
    if (this.#error) throw this.#error;
    if (this.#isEnded) throw failed("EPIPE");
    // Nobody will ever read it: the first bytes after the end still find a buffer, as they do on their way to it.
    if (this.#isAbandoned) {
      this.#error = failed("EPIPE");
      return data.byteLength;
    }
    if (this.#writer) return 0;
    return this.#take(data);
  }

  #take(data: Uint8Array): number {
    const count = Math.min(data.byteLength, CAPACITY - this.#size);
    if (count > 0) {
      this.#grow(this.#size + count);
      this.#buffer.set(data.subarray(0, count), this.#size);
      this.#size += count;
      this.#serve();
    }
    return count;
  }

  write(data: Uint8Array): Promise<void> {
    if (data.byteLength > MAX_WRITE) return Promise.reject(failed("EMSGSIZE"));
    if (this.#writer) return Promise.reject(failed("EBUSY"));
    return new Promise((resolve, reject) => {
      const taken = this.put(data);
      if (taken === data.byteLength) resolve();
      else this.#writer = { data, taken, resolve, reject };
    });
  }

  /** Nothing more will come. */
  end(): void {
    this.#isEnded = true;
    this.#serve();
  }

  /** The reader is gone: what is there is lost. */
  abandon(): void {
    this.#drop();
    this.#isAbandoned = true;
    this.#reader?.reject(failed("ECANCELED"));
    this.#reader = undefined;
    const writer = this.#writer;
    this.#writer = undefined;
    if (!writer) return;
    this.#error = failed("EPIPE");
    writer.reject(this.#error);
  }

  /** The writer is gone: what it was about to write is not. */
  cancelWrite(): void {
    this.#writer?.reject(failed("ECANCELED"));
    this.#writer = undefined;
  }

  /**
   * Breaks it off for both: the reader fails with this code, the writer from now on. Bytes nobody has read yet come
   * first, and then an end: so libuv tells of bytes and a reset that it finds together (`uv__stream_io`, POLLHUP).
   */
  break(code: string): void {
    if (this.#size > 0) this.#isEnded = true;
    this.#error ??= failed(code);
    this.#writer?.reject(failed(code));
    this.#writer = undefined;
    this.#serve();
  }

  #grow(size: number): void {
    if (size <= this.#buffer.byteLength) return;
    const larger = new Uint8Array(Math.min(CAPACITY, Math.max(size, 2 * this.#buffer.byteLength)));
    larger.set(this.#buffer.subarray(0, this.#size));
    this.#buffer = larger;
  }

  #drop(): void {
    this.#buffer = NOTHING;
    this.#size = 0;
  }

  #serve(): void {
    const reader = this.#reader;
    if (!reader) return;
    if (this.#size === 0) {
      if (this.#error && !this.#isEnded) reader.reject(this.#error);
      else if (this.#isEnded) reader.resolve(NOTHING);
      else return;
      this.#reader = undefined;
      return;
    }
    const bytes = this.#buffer.slice(0, this.#size);
    this.#drop();
    this.#reader = undefined;
    reader.resolve(bytes);
    this.#refill();
  }

  /** Room again: what a writer waits with moves up. */
  #refill(): void {
    const writer = this.#writer;
    if (!writer) return;
    writer.taken += this.#take(writer.data.subarray(writer.taken));
    if (writer.taken < writer.data.byteLength) return;
    this.#writer = undefined;
    writer.resolve();
  }
}

/** One end of a connection inside the sandbox. */
export class End implements CellStream {
  readonly #inward: Channel;
  readonly #outward: Channel;
  readonly #onClose: () => void;

  constructor(inward: Channel, outward: Channel, onClose: () => void) {
    this.#inward = inward;
    this.#outward = outward;
    this.#onClose = onClose;
  }

  read(): Promise<Uint8Array> {
    return this.#inward.read();
  }

  write(data: Uint8Array): Promise<void> {
    return this.#outward.write(data);
  }

  writeNow(data: Uint8Array): number {
    return this.#outward.put(data);
  }

  shutdownNow(): boolean {
    this.#outward.end();
    return true;
  }

  async shutdown(): Promise<void> {
    this.#outward.end();
  }

  /** As TCP does it: closing over bytes nobody read tells the other end so. */
  close(): void {
    if (this.#inward.isEmpty) {
      this.#outward.cancelWrite();
      this.#outward.end();
      this.#inward.abandon();
    } else this.#break();
    this.#onClose();
  }

  /** Closes it with a reset: the other end's read fails with ECONNRESET. */
  reset(): void {
    this.#break();
    this.#onClose();
  }

  #break(): void {
    this.#outward.cancelWrite();
    this.#outward.break("ECONNRESET");
    this.#inward.abandon();
    this.#inward.break("EPIPE");
  }
}

/** Both ends of a new connection. `closed` runs once per end. */
export function makeDuplex(closed: () => void): readonly [End, End] {
  const there = new Channel();
  const back = new Channel();
  return [new End(back, there, closed), new End(there, back, closed)];
}
