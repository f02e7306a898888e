import type { OnReadOpts, Socket } from "node:net";
import {
  type CellStream,
  give,
  type Lessee,
  type OpenLease,
  type StreamSink,
  SyscallFailure,
} from "@vivarium/core/cell";
import { ReadMemory } from "./read-memory.ts";
import { socketFailure } from "./socket-failure.ts";
import { descriptorToWrite, writeNow } from "./write-now.ts";

/** Bytes that may wait in a socket before a writer has to. */
const MAX_WAITING = 256 * 1024;

const NOTHING = new Uint8Array(0);

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (failure: SyscallFailure) => void;
}

/** A socket of the host's as a stream of the cell's: it reads no further than somebody asks. */
export class HostStream implements CellStream {
  readonly #socket: Socket;
  readonly #chunks: Uint8Array[] = [];
  #isEnded = false;
  #failure: SyscallFailure | undefined;
  #reader: Waiting<Uint8Array> | undefined;
  #sink: StreamSink | undefined;
  #lessee: Lessee | undefined;

  /** @param open makes the socket with this option, and does not let it read yet */
  constructor(open: (onread: OnReadOpts) => Socket) {
    const memory = new ReadMemory();
    const socket = open({
      buffer: () => memory.next(),
      // Node asks for the next buffer as soon as this returns. Should it throw, the process ends, and nothing is read into
      // memory that was given away.
      callback: (size) => {
        this.#received(...memory.take(size));
        return true;
      },
    });
    this.#socket = socket;
    socket.pause();
    socket.on("end", () => {
      this.#isEnded = true;
      this.#serve();
    });
    socket.on("error", (error) => this.#fail(socketFailure(error)));
    socket.on("close", () => {
      memory.release();
      this.#endLease();
      this.#fail(new SyscallFailure("ECONNRESET"));
    });
  }

  #received(bytes: Uint8Array, isGiven: boolean): void {
    if (this.#sink && this.#chunks.length === 0) {
      this.#sink.data(bytes, isGiven);
      return;
    }
    this.#chunks.push(isGiven ? bytes : bytes.slice());
    this.#serve();
  }

  #fail(failure: SyscallFailure): void {
    this.#failure ??= failure;
    this.#serve();
  }

  #serve(): void {
    if (this.#sink) {
      this.#feed();
      return;
    }
    const reader = this.#reader;
    const chunk = this.#chunks[0];
    if (!reader) {
      if (chunk) this.#socket.pause();
      return;
    }
    if (!chunk && !this.#isEnded && !this.#failure) return;
    this.#reader = undefined;
    if (chunk) {
      this.#chunks.shift();
      reader.resolve(give(chunk));
      if (this.#chunks.length > 0) this.#socket.pause();
    } else if (this.#isEnded) reader.resolve(NOTHING);
    else reader.reject(this.#failure as SyscallFailure);
  }

  /** Hands on what is there, then the end or the failure, once. */
  #feed(): void {
    while (this.#sink && this.#chunks.length > 0) this.#sink.data(this.#chunks.shift() as Uint8Array);
    const sink = this.#sink;
    if (!sink || !(this.#isEnded || this.#failure)) return;
    this.#sink = undefined;
    if (this.#isEnded) sink.data(NOTHING);
    else sink.fail(this.#failure as SyscallFailure);
  }

  listen(sink: StreamSink): void {
    this.#sink = sink;
    if (this.#chunks.length > 0 || this.#isEnded || this.#failure) process.nextTick(() => this.#serve());
    if (!this.#isEnded && !this.#failure) this.#socket.resume();
  }

  unlisten(): void {
    this.#sink = undefined;
    this.#socket.pause();
  }

  read(): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      if (this.#chunks.length === 0 && !this.#isEnded) this.#socket.resume();
      this.#serve();
    });
  }

  #checkWritable(): void {
    if (this.#failure) throw this.#failure;
    if (!this.#socket.writable) throw new SyscallFailure("EPIPE");
  }

  lease(_bytes: number, open: OpenLease): void {
    this.#checkWritable();
    this.#endLease();
    const descriptor = descriptorToWrite(this.#socket);
    if (descriptor === undefined) return;
    this.#lessee = open(descriptor, () => {
      this.#lessee = undefined;
    });
  }

  /** What is to go through the socket goes after what was written past it, and before what would be. */
  #endLease(): void {
    this.#lessee?.end();
  }

  write(data: Uint8Array): Promise<void> {
    this.#checkWritable();
    this.#endLease();
    return new Promise((resolve, reject) => {
      this.#socket.write(data, (error) => (error ? reject(this.#failure ?? socketFailure(error)) : resolve()));
    });
  }

  writeNow(data: Uint8Array): number {
    this.#checkWritable();
    if (this.#socket.writableLength + data.byteLength > MAX_WAITING) return 0;
    this.#endLease();
    this.#socket.write(data);
    return data.byteLength;
  }

  lendNow(data: Uint8Array): number {
    this.#checkWritable();
    const size = data.byteLength;
    const written = writeNow(this.#socket, data) ?? 0;
    if (written === size) return size;
    if (this.#socket.writableLength + size - written > MAX_WAITING) return written;
    this.#endLease();
    this.#socket.write(Buffer.from(data.subarray(written)));
    return size;
  }

  shutdown(): Promise<void> {
    this.#endLease();
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#socket.end(() => resolve());
      this.#socket.once("close", () => resolve());
    });
  }

  /** What was written is with the system: the end follows at once, and there is nothing to wait for. */
  shutdownNow(): boolean {
    if (this.#failure || this.#socket.writableLength > 0 || this.#socket.connecting) return false;
    this.#endLease();
    this.#socket.end();
    return true;
  }

  close(): void {
    this.#sink = undefined;
    this.#endLease();
    this.#fail(new SyscallFailure("ECANCELED"));
    this.#socket.destroy();
  }

  reset(): void {
    this.#sink = undefined;
    this.#endLease();
    this.#fail(new SyscallFailure("ECANCELED"));
    this.#socket.resetAndDestroy();
  }
}
