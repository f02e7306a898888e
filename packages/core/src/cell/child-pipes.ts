import type { CellChannel } from "../channel/cell-side.ts";
import { SyscallFailure } from "../errors/failure.ts";
import type { CellStream } from "./cell-stream.ts";

const canceled = (): SyscallFailure => new SyscallFailure("ECANCELED");

/** Bytes a pipe takes before a writer has to wait (pipe(7)). */
const ROOM = 64 * 1024;

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: SyscallFailure) => void;
}

/** This guest's end of one pipe to a child process. The supervisor holds the bytes; every step is a message to it. */
class PipeEnd implements CellStream {
  readonly #id: number;
  readonly #channel: CellChannel;
  readonly #forget: () => void;
  #reading: Waiting<Uint8Array> | undefined;
  readonly #writing: Waiting<void>[] = [];
  #closed = false;
  /** Nobody reads any more: a write that did not wait was refused. */
  #broken = false;
  /** Bytes written without waiting that the supervisor has not answered yet. */
  #unanswered = 0;

  constructor(id: number, channel: CellChannel, forget: () => void) {
    this.#id = id;
    this.#channel = channel;
    this.#forget = forget;
  }

  read(): Promise<Uint8Array> {
    if (this.#closed) return Promise.reject(canceled());
    if (this.#reading !== undefined) return Promise.reject(new SyscallFailure("EALREADY"));
    return new Promise((resolve, reject) => {
      this.#reading = { resolve, reject };
      this.#channel.report({ type: "pipe", pipe: this.#id, op: "read" });
    });
  }

  write(data: Uint8Array): Promise<void> {
    return this.#step("write", data);
  }

  /** All of it or nothing: a pipe has room for what nobody has taken yet. */
  writeNow(data: Uint8Array): number {
    if (this.#broken || this.#closed) throw new SyscallFailure("EPIPE");
    const size = data.byteLength;
    if (this.#unanswered + size > ROOM) return 0;
    this.#unanswered += size;
    const done = (): void => {
      this.#unanswered -= size;
    };
    this.write(data).then(done, () => {
      this.#broken = true;
      done();
    });
    return size;
  }

  shutdown(): Promise<void> {
    return this.#step("shutdown");
  }

  close(): void {
    this.#closed = true;
    this.#forget();
    this.#channel.report({ type: "pipe", pipe: this.#id, op: "close" });
    this.#reading?.reject(canceled());
    for (const { reject } of this.#writing) reject(canceled());
  }

  piped(data: Uint8Array): void {
    const reading = this.#reading;
    this.#reading = undefined;
    reading?.resolve(data);
  }

  written(ok: boolean): void {
    const first = this.#writing.shift();
    if (ok) first?.resolve();
    else first?.reject(new SyscallFailure("EPIPE"));
  }

  #step(op: "write" | "shutdown", data?: Uint8Array): Promise<void> {
    if (this.#closed) return Promise.reject(canceled());
    return new Promise((resolve, reject) => {
      this.#writing.push({ resolve, reject });
      this.#channel.report({ type: "pipe", pipe: this.#id, op }, data);
    });
  }
}

/** The open pipes of one run, by the numbers the supervisor gave them. */
export class ChildPipes {
  readonly #channel: CellChannel;
  readonly #ends = new Map<number, PipeEnd>();

  constructor(channel: CellChannel) {
    this.#channel = channel;
  }

  open(id: number): CellStream {
    const end = new PipeEnd(id, this.#channel, () => this.#ends.delete(id));
    this.#ends.set(id, end);
    return end;
  }

  piped(id: number, data: Uint8Array): void {
    this.#ends.get(id)?.piped(data);
  }

  written(id: number, ok: boolean): void {
    this.#ends.get(id)?.written(ok);
  }
}
