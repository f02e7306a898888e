import { exactCopy, part } from "../guest/lib/bytes.ts";
import { append, putHidden, putOwn } from "../guest/lib/define.ts";
import { Bytes, Doubles, NativeDate, NativeMap, NativeRegExp, NativeSet, ToBigInt } from "../guest/lib/intrinsics.ts";
import { latin1Decode } from "../guest/lib/latin1.ts";
import { ucs2Decode } from "../guest/lib/ucs2.ts";
import { MapProto, RegExpProto, SetProto, TypedArrayProto, typedArrayBuffer } from "../guest/primordials.ts";
import { Tag, VIEWS, WIRE_VERSION, WireError } from "./wire-format.ts";

type ViewClass = new (buffer: ArrayBuffer) => ArrayBufferView;
const constructors: readonly ViewClass[] = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
];
const elementSizes = [1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 1] as const;
const errorClasses: Readonly<Record<string, new (message: string) => Error>> = Object.assign(Object.create(null), {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
});
const HEX = /^[0-9a-f]+$/;
const scratchBytes = new Bytes(8);
const scratch = new Doubles(typedArrayBuffer(scratchBytes));

const malformed = (): never => {
  throw new WireError("ERR_SANDBOX_CONTRACT", "malformed wire value");
};

/** Reads one value from bytes nobody vouches for. Every count is checked against what is left before it is believed. */
export class WireDecoder {
  readonly #bytes: Uint8Array;
  readonly #maxDepth: number;
  readonly #objects: object[] = [];
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array, maxDepth: number) {
    this.#bytes = bytes;
    this.#maxDepth = maxDepth;
  }

  decode(): unknown {
    if (this.#byte() !== WIRE_VERSION) malformed();
    const value = this.#value(this.#byte());
    if (this.#at !== this.#bytes.length) malformed();
    return value;
  }

  #byte(): number {
    return this.#at < this.#bytes.length ? (this.#bytes[this.#at++] as number) : malformed();
  }

  #integer(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 5; i++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    return malformed();
  }

  /** A count of things that take at least `each` bytes. */
  #count(each: number): number {
    const count = this.#integer();
    return count * each <= this.#bytes.length - this.#at ? count : malformed();
  }

  #take(): number {
    const size = this.#count(1);
    const start = this.#at;
    this.#at += size;
    return start;
  }

  #double(): number {
    if (this.#bytes.length - this.#at < 8) malformed();
    TypedArrayProto.set(scratchBytes, part(this.#bytes, this.#at, this.#at + 8));
    this.#at += 8;
    return scratch[0] as number;
  }

  #string(tag = this.#byte()): string {
    if (tag !== Tag.latin1 && tag !== Tag.ucs2) malformed();
    const start = this.#take();
    if (tag === Tag.latin1) return latin1Decode(this.#bytes, start, this.#at);
    if ((this.#at - start) % 2 !== 0) malformed();
    return ucs2Decode(this.#bytes, start, this.#at);
  }

  #next(): unknown {
    if (++this.#depth > this.#maxDepth) {
      throw new WireError("ERR_SANDBOX_PAYLOAD_TOO_LARGE", `value is nested deeper than ${this.#maxDepth} levels`);
    }
    const value = this.#value(this.#byte());
    this.#depth--;
    return value;
  }

  #value(tag: number): unknown {
    switch (tag) {
      case Tag.undefined:
        return undefined;
      case Tag.null:
        return null;
      case Tag.true:
        return true;
      case Tag.false:
        return false;
      case Tag.int: {
        const zigzag = this.#integer();
        return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
      }
      case Tag.double:
        return this.#double();
      case Tag.bigint:
        return this.#bigint();
      case Tag.latin1:
      case Tag.ucs2:
        return this.#string(tag);
      case Tag.ref:
        return this.#objects[this.#integer()] ?? malformed();
      default:
        return this.#object(tag);
    }
  }

  #bigint(): bigint {
    const negative = this.#byte() === 1;
    const digits = this.#string();
    if (RegExpProto.exec(HEX, digits) === null) malformed();
    const value = ToBigInt(`0x${digits}`);
    return negative ? -value : value;
  }

  #keep<T extends object>(object: T): T {
    append(this.#objects, object);
    return object;
  }

  #object(tag: number): object {
    switch (tag) {
      case Tag.date:
        return this.#keep(new NativeDate(this.#double()));
      case Tag.regexp:
        return this.#regexp();
      case Tag.array:
        return this.#array();
      case Tag.object:
        return this.#record();
      case Tag.map:
        return this.#map();
      case Tag.set:
        return this.#set();
      case Tag.buffer: {
        const start = this.#take();
        return this.#keep(typedArrayBuffer(exactCopy(this.#bytes, start, this.#at)));
      }
      case Tag.view:
        return this.#view();
      case Tag.error:
        return this.#error();
      default:
        return malformed();
    }
  }

  #regexp(): RegExp {
    const source = this.#string();
    const flags = this.#string();
    try {
      return this.#keep(new NativeRegExp(source, flags));
    } catch {
      return malformed();
    }
  }

  #array(): unknown[] {
    const length = this.#count(1);
    const list: unknown[] = this.#keep([]);
    for (let i = 0; i < length; i++) {
      if (this.#bytes[this.#at] === Tag.hole) this.#at++;
      else putOwn(list, i, this.#next());
    }
    // Holes at the end.
    list.length = length;
    return list;
  }

  #record(): object {
    const count = this.#count(3);
    const record = this.#keep({});
    for (let i = 0; i < count; i++) {
      const key = this.#string();
      putOwn(record, key, this.#next());
    }
    return record;
  }

  #map(): Map<unknown, unknown> {
    const count = this.#count(2);
    const map = this.#keep(new NativeMap<unknown, unknown>());
    for (let i = 0; i < count; i++) {
      const key = this.#next();
      MapProto.set(map, key, this.#next());
    }
    return map;
  }

  #set(): Set<unknown> {
    const count = this.#count(1);
    const set = this.#keep(new NativeSet<unknown>());
    for (let i = 0; i < count; i++) SetProto.add(set, this.#next());
    return set;
  }

  #view(): object {
    const kind = this.#byte();
    const Constructor = constructors[kind];
    if (Constructor === undefined || VIEWS[kind] === undefined) return malformed();
    const start = this.#take();
    const size = this.#at - start;
    if (size % (elementSizes[kind] as number) !== 0) malformed();
    return this.#keep(new Constructor(typedArrayBuffer(exactCopy(this.#bytes, start, this.#at)) as ArrayBuffer));
  }

  #error(): Error {
    // Its number comes before those of cause and errors.
    const slot = this.#objects.length;
    append(this.#objects, this.#objects);
    const name = this.#string();
    const message = this.#string();
    const code = this.#scalar();
    const stack = this.#scalar();
    const Class = errorClasses[name] ?? (errorClasses.Error as new (message: string) => Error);
    const error = new Class(message);
    this.#objects[slot] = error;
    if (errorClasses[name] === undefined) putHidden(error, "name", name);
    // The trace of this decoder is nobody's business.
    putHidden(error, "stack", typeof stack === "string" ? stack : `${name}: ${message}`);
    if (typeof code === "string" || typeof code === "number") putOwn(error, "code", code);
    this.#part(error, "cause");
    this.#part(error, "errors");
    return error;
  }

  /** A string, a number or nothing: no recursion outside the depth count. */
  #scalar(): unknown {
    const tag = this.#byte();
    const simple =
      tag === Tag.undefined || tag === Tag.int || tag === Tag.double || tag === Tag.latin1 || tag === Tag.ucs2;
    return simple ? this.#value(tag) : malformed();
  }

  #part(error: Error, key: "cause" | "errors"): void {
    if (this.#bytes[this.#at] === Tag.hole) this.#at++;
    else putHidden(error, key, this.#next());
  }
}
