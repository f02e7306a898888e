import { part } from "../lib/bytes.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { mathMin, TypedArrayProto, typedArrayByteLength } from "../primordials.ts";

/** Bytes of something that comes in pieces, until it is whole. */
export class HeldBytes {
  readonly #least: number;
  #bytes: Uint8Array;
  #size = 0;

  /** @param least bytes there is always room for */
  constructor(least: number) {
    this.#least = least;
    this.#bytes = new Bytes(least);
  }

  get size(): number {
    return this.#size;
  }

  /** Takes what is missing of so many bytes from those between `at` and `end`. @returns how many it took */
  hold(bytes: Uint8Array, at: number, end: number, wanted: number): number {
    const count = mathMin(end - at, wanted - this.#size);
    if (typedArrayByteLength(this.#bytes) < wanted) {
      const larger = new Bytes(wanted);
      TypedArrayProto.set(larger, part(this.#bytes, 0, this.#size), 0);
      this.#bytes = larger;
    }
    TypedArrayProto.set(this.#bytes, part(bytes, at, at + count), this.#size);
    this.#size += count;
    return count;
  }

  /** What is held, to be read before more is: the memory is used again. */
  peek(): Uint8Array {
    this.#size = 0;
    return this.#bytes;
  }

  /** What is held, for good. */
  take(): Uint8Array {
    const bytes = part(this.#bytes, 0, this.#size);
    this.#bytes = new Bytes(this.#least);
    this.#size = 0;
    return bytes;
  }
}
