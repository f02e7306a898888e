import { NativeError } from "../guest/lib/intrinsics.ts";

/** First byte of every value; changes with the format. */
export const WIRE_VERSION = 1;
/** How deep values may be nested. */
export const MAX_WIRE_DEPTH = 1000;

/** One byte before every value. Lengths and counts are LEB128 integers. */
export const Tag = {
  undefined: 0,
  null: 1,
  true: 2,
  false: 3,
  /** zigzag LEB128, -2^31 to 2^31 - 1 */
  int: 4,
  /** 8 bytes, little endian */
  double: 5,
  /** sign byte, hexadecimal digits as `latin1` */
  bigint: 6,
  /** byte count, one byte a character */
  latin1: 7,
  /** byte count, UTF-16LE */
  ucs2: 8,
  /** double */
  date: 9,
  /** source and flags, strings */
  regexp: 10,
  /** count, key and value each */
  map: 11,
  /** count, values */
  set: 12,
  /** length, values or holes */
  array: 13,
  hole: 14,
  /** count, key (a string without `ref`) and value each */
  object: 15,
  /** byte count, bytes */
  buffer: 16,
  /** index in VIEWS, byte count, bytes */
  view: 17,
  /** name, message, code, stack (strings or undefined; code may be a number), cause, errors (values; hole: none) */
  error: 18,
  /** index of an earlier object, in the order of their tags */
  ref: 19,
} as const;

/** Kinds of views by their number on the wire. */
export const VIEWS = [
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "DataView",
] as const;

export type WireErrorCode =
  /** The value holds something that does not cross: a function, a symbol, a promise, ... */
  | "ERR_SANDBOX_UNCLONEABLE"
  /** Too many bytes or nested too deeply. */
  | "ERR_SANDBOX_PAYLOAD_TOO_LARGE"
  /** The bytes are not of this format. */
  | "ERR_SANDBOX_CONTRACT";

/** A value that does not fit the wire, or bytes that are none. */
export class WireError extends NativeError {
  readonly code: WireErrorCode;
  constructor(code: WireErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
