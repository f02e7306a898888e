import { typedArrayByteLength } from "../primordials.ts";
import { part } from "./bytes.ts";

/** Reads numbers and length-prefixed parts of bytes in network order. Past the end it reads nothing and says so. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** It was asked for more than there is. */
  isShort = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return typedArrayByteLength(this.#bytes) - this.#at;
  }

  /** The next `size` bytes over the same memory; none where there are fewer. */
  take(size: number): Uint8Array {
    if (size > this.left) this.isShort = true;
    const count = this.isShort ? 0 : size;
    const from = this.#at;
    this.#at += count;
    return part(this.#bytes, from, from + count);
  }

  /** A number of `size` bytes. */
  number(size: number): number {
    const bytes = this.take(size);
    let value = 0;
    for (let i = 0; i < typedArrayByteLength(bytes); i++) value = value * 256 + (bytes[i] as number);
    return value;
  }

  /** What follows a length of `size` bytes. */
  block(size: number): Uint8Array {
    return this.take(this.number(size));
  }
}
