import { typedArrayBuffer } from "../primordials.ts";
import { isWhole } from "./bytes.ts";

/**
 * The memory that a stream is delivering at the moment: it was made for this delivery, and nobody has seen it but those the
 * delivery reaches.
 */
export class FreshMemory {
  #buffer: ArrayBufferLike | undefined;

  /** A delivery begins. -> what `end` is to be told */
  begin(buffer: ArrayBufferLike): ArrayBufferLike | undefined {
    const before = this.#buffer;
    this.#buffer = buffer;
    return before;
  }

  end(before: ArrayBufferLike | undefined): void {
    this.#buffer = before;
  }

  /** Whether these bytes are that memory, from its beginning to its end. */
  isAllOf(bytes: Uint8Array): boolean {
    return typedArrayBuffer(bytes) === this.#buffer && isWhole(bytes);
  }
}
