import { mathMin, typedArrayByteLength } from "../primordials.ts";
import { part } from "./bytes.ts";
import { append } from "./define.ts";

/** Type, version and length of a record (RFC 8446, 5.1). */
const HEADER = 5;

/** Cuts a byte stream where TLS records end. Nothing is held back: a record that has not come whole goes on as it is. */
export class RecordCutter {
  readonly #header: number[] = [];
  /** Bytes of the record's body that have not come. */
  #left = 0;

  cut(bytes: Uint8Array): Uint8Array[] {
    const size = typedArrayByteLength(bytes);
    const pieces: Uint8Array[] = [];
    let from = 0;
    for (let at = 0; at < size; ) {
      if (this.#header.length < HEADER) {
        append(this.#header, bytes[at] as number);
        at++;
        if (this.#header.length === HEADER)
          this.#left = (this.#header[3] as number) * 256 + (this.#header[4] as number);
      } else {
        const count = mathMin(this.#left, size - at);
        at += count;
        this.#left -= count;
      }
      if (this.#header.length === HEADER && this.#left === 0) {
        this.#header.length = 0;
        append(pieces, part(bytes, from, at));
        from = at;
      }
    }
    if (from < size) append(pieces, part(bytes, from, size));
    return pieces;
  }
}
