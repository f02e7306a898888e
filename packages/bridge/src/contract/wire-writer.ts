import { part } from "../guest/lib/bytes.ts";
import { Bytes, Doubles } from "../guest/lib/intrinsics.ts";
import { ucs2Write } from "../guest/lib/ucs2.ts";
import { mathMax, StringProto, TypedArrayProto, typedArrayBuffer } from "../guest/primordials.ts";
import { Tag, WireError } from "./wire-format.ts";

const { charCodeAt } = StringProto;
const scratch = new Doubles(1);
const scratchBytes = new Bytes(typedArrayBuffer(scratch));

/** A byte array that grows up to a limit. */
export class WireWriter {
  readonly #limit: number;
  #bytes: Uint8Array = new Bytes(256);
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What was written, in memory of exactly its size. */
  finish(): Uint8Array<ArrayBuffer> {
    const out = new Bytes(this.#size);
    TypedArrayProto.set(out, part(this.#bytes, 0, this.#size));
    return out;
  }

  #room(more: number): void {
    const needed = this.#size + more;
    if (needed > this.#limit) {
      throw new WireError("ERR_SANDBOX_PAYLOAD_TOO_LARGE", `value exceeds ${this.#limit} bytes`);
    }
    if (needed <= this.#bytes.length) return;
    const doubled = this.#bytes.length * 2;
    const grown = new Bytes(mathMax(doubled, needed));
    TypedArrayProto.set(grown, part(this.#bytes, 0, this.#size));
    this.#bytes = grown;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#size++] = value;
  }

  count(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.byte((rest % 0x80) | 0x80);
      rest = (rest - (rest % 0x80)) / 0x80;
    }
    this.byte(rest);
  }

  double(value: number): void {
    scratch[0] = value;
    this.#room(8);
    TypedArrayProto.set(this.#bytes, scratchBytes, this.#size);
    this.#size += 8;
  }

  raw(bytes: Uint8Array): void {
    this.count(bytes.length);
    this.#room(bytes.length);
    TypedArrayProto.set(this.#bytes, bytes, this.#size);
    this.#size += bytes.length;
  }

  /** A string with its tag. */
  string(text: string): void {
    const { length } = text;
    this.byte(Tag.latin1);
    const start = this.#size;
    this.count(length);
    this.#room(length);
    const bytes = this.#bytes;
    const at = this.#size;
    for (let i = 0; i < length; i++) {
      const unit = charCodeAt(text, i);
      if (unit > 0xff) {
        this.#size = start - 1;
        this.#wide(text);
        return;
      }
      bytes[at + i] = unit;
    }
    this.#size = at + length;
  }

  #wide(text: string): void {
    const size = text.length * 2;
    this.byte(Tag.ucs2);
    this.count(size);
    this.#room(size);
    this.#size += ucs2Write(this.#bytes, text, this.#size, size);
  }
}
