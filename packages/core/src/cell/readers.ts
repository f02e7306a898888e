import { SyscallFailure } from "../errors/failure.ts";
import type { Arrivals } from "./arrivals.ts";
import type { CellStream } from "./cell-stream.ts";

const NOTHING = new Uint8Array(0);

/** One stream that is read for a token. */
interface Reader {
  readonly stream: CellStream;
  readonly token: number;
  isOn: boolean;
  /** A piece is under way. */
  isPulling: boolean;
  /** The stream was given up: nobody is told anything any more. */
  isForgotten: boolean;
}

/** The streams that are read without being asked for each piece. */
export class Readers {
  readonly #arrivals: Arrivals;
  readonly #readers = new Map<number, Reader>();

  constructor(arrivals: Arrivals) {
    this.#arrivals = arrivals;
  }

  /** Whether this stream is read, or a piece of it is under way. */
  has(id: number): boolean {
    const reader = this.#readers.get(id);
    return reader !== undefined && (reader.isOn || reader.isPulling);
  }

  /** What the stream reads goes to the token from now on. @throws SyscallFailure EBUSY where another token has it */
  start(id: number, stream: CellStream, token: number): void {
    const known = this.#readers.get(id);
    if (known && known.token !== token && (known.isOn || known.isPulling)) throw new SyscallFailure("EBUSY");
    const reader =
      known?.token === token ? known : { stream, token, isOn: false, isPulling: false, isForgotten: false };
    if (reader.isOn) return;
    this.#readers.set(id, reader);
    reader.isOn = true;
    if (!stream.listen) {
      if (!reader.isPulling) void this.#pull(reader);
      return;
    }
    stream.listen({
      data: (bytes, isGiven) => this.#arrivals.push(token, bytes, isGiven),
      fail: (failure) => this.#arrivals.fail(token, failure),
    });
  }

  /** No more is read; a piece that is under way still arrives. */
  stop(id: number): void {
    const reader = this.#readers.get(id);
    if (!reader) return;
    reader.isOn = false;
    reader.stream.unlisten?.();
  }

  /** The stream is given up: the token hears nothing more. */
  forget(id: number): void {
    this.stop(id);
    const reader = this.#readers.get(id);
    if (reader) reader.isForgotten = true;
    this.#readers.delete(id);
  }

  async #pull(reader: Reader): Promise<void> {
    const { stream, token } = reader;
    reader.isPulling = true;
    try {
      while (reader.isOn) {
        const bytes = await stream.read();
        if (reader.isForgotten) return;
        this.#arrivals.push(token, bytes.byteLength === 0 ? NOTHING : bytes);
        if (bytes.byteLength === 0) reader.isOn = false;
      }
    } catch (error) {
      reader.isOn = false;
      if (reader.isForgotten) return;
      this.#arrivals.fail(token, error instanceof SyscallFailure ? error : new SyscallFailure("EIO"));
    } finally {
      reader.isPulling = false;
    }
  }
}
