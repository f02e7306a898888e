import { BigIntProto, mathMax, StringProto, TypedArrayProto, typedArrayBuffer } from "../primordials.ts";
import { bindingError } from "./binding-error.ts";
import { exactCopy, part } from "./bytes.ts";
import { Bytes, Doubles, ToBigInt, ToNumber } from "./intrinsics.ts";
import { ucs2Write } from "./ucs2.ts";
import { V8Tag } from "./v8-format.ts";

const { charCodeAt } = StringProto;
const scratch = new Doubles(1);
const scratchBytes = new Bytes(typedArrayBuffer(scratch));
const MAX_SIZE = 0x7fffffff;

const varintSize = (value: number): number => {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = (rest - (rest % 0x80)) / 0x80) size++;
  return size;
};

/** Writes the primitives of V8's format into a growing buffer. */
export class V8Writer {
  #bytes: Uint8Array = new Bytes(64);
  #size = 0;

  /** What was written; the writer starts over. */
  release(): Uint8Array<ArrayBuffer> {
    const out = exactCopy(this.#bytes, 0, this.#size);
    this.#bytes = new Bytes(64);
    this.#size = 0;
    return out;
  }

  #room(more: number): void {
    const needed = this.#size + more;
    if (needed <= this.#bytes.length) return;
    if (needed > MAX_SIZE)
      throw bindingError("RangeError", "ERR_OUT_OF_RANGE", "Data cannot be cloned, out of memory.");
    const doubled = this.#bytes.length * 2;
    const grown = new Bytes(mathMax(doubled, needed));
    TypedArrayProto.set(grown, part(this.#bytes, 0, this.#size));
    this.#bytes = grown;
  }

  tag(value: number): void {
    this.#room(1);
    this.#bytes[this.#size++] = value;
  }

  varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = (rest - (rest % 0x80)) / 0x80) this.tag((rest % 0x80) | 0x80);
    this.tag(rest);
  }

  /** 64 bits as two halves. */
  varint64(high: number, low: number): void {
    let rest = (ToBigInt(high) << 32n) | ToBigInt(low);
    for (; rest >= 0x80n; rest >>= 7n) this.tag(ToNumber(rest & 0x7fn) | 0x80);
    this.tag(ToNumber(rest));
  }

  int32(value: number): void {
    this.tag(V8Tag.int32);
    this.varint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  double(value: number): void {
    scratch[0] = value;
    this.raw(scratchBytes);
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    TypedArrayProto.set(this.#bytes, bytes, this.#size);
    this.#size += bytes.length;
  }

  /** A string with its tag: one byte a character where that is enough. */
  string(text: string): void {
    const { length } = text;
    const start = this.#size;
    this.tag(V8Tag.oneByteString);
    this.varint(length);
    this.#room(length);
    for (let i = 0; i < length; i++) {
      const unit = charCodeAt(text, i);
      if (unit > 0xff) {
        this.#size = start;
        this.#wideString(text);
        return;
      }
      this.#bytes[this.#size + i] = unit;
    }
    this.#size += length;
  }

  #wideString(text: string): void {
    const size = text.length * 2;
    // V8 reads two-byte strings from even addresses.
    if ((this.#size + 1 + varintSize(size)) % 2 === 1) this.tag(V8Tag.padding);
    this.tag(V8Tag.twoByteString);
    this.varint(size);
    this.#room(size);
    this.#size += ucs2Write(this.#bytes, text, this.#size, size);
  }

  /** Sign and 64-bit digits of a bigint. */
  bigint(value: bigint): void {
    const negative = value < 0n;
    let hex = value === 0n ? "" : BigIntProto.toString(negative ? -value : value, 16);
    hex = StringProto.padStart(hex, ((hex.length + 15) >> 4) << 4, "0");
    const size = hex.length / 2;
    this.varint(size * 2 + (negative ? 1 : 0));
    for (let i = size - 1; i >= 0; i--) this.tag(ToNumber(`0x${StringProto.slice(hex, i * 2, i * 2 + 2)}`));
  }
}
