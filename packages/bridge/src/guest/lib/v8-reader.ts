import { NumberProto, StringProto, TypedArrayProto, typedArrayBuffer } from "../primordials.ts";
import { exactCopy, part } from "./bytes.ts";
import { Bytes, Doubles, ToBigInt } from "./intrinsics.ts";
import { latin1Decode } from "./latin1.ts";
import { ucs2Decode } from "./ucs2.ts";
import { utf8Decode } from "./utf8.ts";
import { V8Tag } from "./v8-format.ts";

const scratchBytes = new Bytes(8);
const scratch = new Doubles(typedArrayBuffer(scratchBytes));

/** Reads the primitives of V8's format. Bytes that end too early make it call `fail`, which throws. */
export class V8Reader {
  readonly #bytes: Uint8Array;
  #fail: () => never;
  position = 0;

  constructor(bytes: Uint8Array, fail: () => never) {
    this.#bytes = bytes;
    this.#fail = fail;
  }

  /** Has another error thrown for bytes that end too early while `read` runs. */
  orElse<T>(fail: () => never, read: (input: this) => T): T {
    const outer = this.#fail;
    this.#fail = fail;
    try {
      return read(this);
    } finally {
      this.#fail = outer;
    }
  }

  get left(): number {
    return this.#bytes.length - this.position;
  }

  byte(): number {
    return this.position < this.#bytes.length ? (this.#bytes[this.position++] as number) : this.#fail();
  }

  /** The next tag without taking it, past padding. */
  peek(): number | undefined {
    let at = this.position;
    while (this.#bytes[at] === V8Tag.padding) at++;
    return this.#bytes[at];
  }

  tag(): number {
    for (;;) {
      const tag = this.byte();
      if (tag !== V8Tag.padding) return tag;
    }
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  /** A 64-bit integer as its halves. */
  varint64(): readonly [high: number, low: number] {
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift > 25 && shift < 64) high |= shift < 32 ? bits >>> (32 - shift) : bits << (shift - 32);
      if (byte < 0x80) return [high >>> 0, low >>> 0];
    }
  }

  int32(): number {
    const zigzag = this.varint();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  double(): number {
    TypedArrayProto.set(scratchBytes, this.raw(8));
    return scratch[0] as number;
  }

  /** So many bytes, over the same memory. */
  raw(size: number): Uint8Array {
    if (size > this.left) this.#fail();
    const start = this.position;
    this.position += size;
    return part(this.#bytes, start, this.position);
  }

  copy(size: number): Uint8Array<ArrayBuffer> {
    return exactCopy(this.raw(size));
  }

  string(tag = this.tag()): string {
    const bytes = this.raw(this.varint());
    if (tag === V8Tag.oneByteString) return latin1Decode(bytes, 0, bytes.length);
    if (tag === V8Tag.utf8String) return utf8Decode(bytes, 0, bytes.length);
    if (tag !== V8Tag.twoByteString || bytes.length % 2 !== 0) return this.#fail();
    return ucs2Decode(bytes, 0, bytes.length);
  }

  bigint(): bigint {
    const field = this.varint();
    const bytes = this.raw((field >>> 1) & 0x3fffffff);
    let hex = "0x0";
    for (let i = bytes.length - 1; i >= 0; i--) {
      hex += StringProto.padStart(NumberProto.toString(bytes[i] as number, 16), 2, "0");
    }
    const value = ToBigInt(hex);
    return field & 1 ? -value : value;
  }
}
