import { Buffer } from "node:buffer";
import type { StdinOption } from "./options.ts";

/** Largest piece of standard input that is sent at once, bytes. */
const PIECE_BYTES = 256 * 1024;

const asBytes = (value: unknown): Uint8Array => {
  if (typeof value === "string") return Buffer.from(value, "utf8");
  if (value instanceof Uint8Array) return value;
  throw new TypeError("options.stdin must yield strings or bytes");
};

const pieces = (value: StdinOption | undefined): Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array> => {
  if (value === undefined) return [];
  // A string is iterable by characters and bytes by numbers: both are one piece.
  return typeof value === "string" || value instanceof Uint8Array ? [value] : value;
};

const iteratorOf = (value: StdinOption | undefined): Iterator<unknown> | AsyncIterator<unknown> => {
  const source = pieces(value);
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
};

/** Standard input by the piece. The embedder's iterable is not touched before the guest wants input. */
export class StdinSource implements Disposable {
  readonly #option: StdinOption | undefined;
  #iterator: Iterator<unknown> | AsyncIterator<unknown> | undefined;
  #rest: Uint8Array = new Uint8Array(0);
  #turn: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(option: StdinOption | undefined) {
    this.#option = option;
  }

  /** The next piece, of 1 to `bytes` bytes, or nothing at the end. Callers are served in order. */
  next(bytes: number = PIECE_BYTES): Promise<Uint8Array | undefined> {
    const mine = this.#turn.then(() => this.#take(Math.max(1, Math.min(bytes, PIECE_BYTES))));
    this.#turn = mine.catch(() => {});
    return mine;
  }

  /** Lets go of the embedder's iterable. One that is just waiting for input lets go when its wait ends. */
  [Symbol.dispose](): void {
    const open = !this.#ended && this.#iterator !== undefined;
    this.#ended = true;
    this.#rest = new Uint8Array(0);
    if (open) void Promise.resolve(this.#iterator?.return?.()).catch(() => {});
  }

  async #take(bytes: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      if (this.#ended) return undefined;
      this.#iterator ??= iteratorOf(this.#option);
      const { done, value } = await this.#iterator.next();
      if (done === true) this.#ended = true;
      else if (!this.#ended) this.#rest = asBytes(value);
    }
    const piece = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }
}
