import { part } from "../lib/bytes.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { mathMax, TypedArrayProto, typedArrayByteLength } from "../primordials.ts";

/** Bytes that are put together piece by piece. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  size = 0;

  constructor(capacity: number) {
    this.#bytes = new Bytes(capacity);
  }

  /** Makes room for so many bytes more. -> where they go */
  reserve(count: number): number {
    const at = this.size;
    this.size += count;
    const capacity = typedArrayByteLength(this.#bytes);
    if (this.size > capacity) {
      const larger = new Bytes(mathMax(this.size, capacity * 2));
      TypedArrayProto.set(larger, part(this.#bytes, 0, at), 0);
      this.#bytes = larger;
    }
    return at;
  }

  /** The memory everything is in now. */
  get memory(): Uint8Array {
    return this.#bytes;
  }

  byte(value: number): void {
    const at = this.reserve(1);
    this.#bytes[at] = value;
  }

  bytes(value: Uint8Array): void {
    const at = this.reserve(typedArrayByteLength(value));
    TypedArrayProto.set(this.#bytes, value, at);
  }

  /** What has been written so far, over the same memory. */
  written(): Uint8Array {
    return part(this.#bytes, 0, this.size);
  }
}
