import { StringProto } from "../primordials.ts";
import { base64Decode, base64Write } from "./base64.ts";
import { exactCopy } from "./bytes.ts";
import { hexDecode, hexWrite } from "./hex.ts";
import { Bytes } from "./intrinsics.ts";
import { asciiDecode, latin1Decode, latin1Write } from "./latin1.ts";
import { ucs2Decode, ucs2Write } from "./ucs2.ts";
import { utf8Decode, utf8Encode, utf8Length, utf8Write } from "./utf8.ts";

/** `enum encoding` of node.h: the numbers the library passes. */
export const Encoding = { ascii: 0, utf8: 1, base64: 2, ucs2: 3, latin1: 4, hex: 5, buffer: 6, base64url: 7 } as const;
export type Encoding = (typeof Encoding)[keyof typeof Encoding];

/** `ParseEncoding` of node: a number is taken as it is, a name without regard to case, anything else is the default. */
export function parseEncoding(value: unknown, fallback: Encoding = Encoding.utf8): Encoding {
  if (typeof value === "number") return value as Encoding;
  if (typeof value !== "string") return fallback;
  switch (StringProto.toLowerCase(value)) {
    case "utf8":
    case "utf-8":
      return Encoding.utf8;
    case "ucs2":
    case "ucs-2":
    case "utf16le":
    case "utf-16le":
      return Encoding.ucs2;
    case "latin1":
    case "binary":
      return Encoding.latin1;
    case "ascii":
      return Encoding.ascii;
    case "base64":
      return Encoding.base64;
    case "base64url":
      return Encoding.base64url;
    case "hex":
      return Encoding.hex;
    case "buffer":
      return Encoding.buffer;
    default:
      return fallback;
  }
}

/** Bytes as a string in an encoding. */
export function decodeBytes(bytes: Uint8Array, start: number, end: number, encoding: Encoding): string {
  switch (encoding) {
    case Encoding.ascii:
      return asciiDecode(bytes, start, end);
    case Encoding.latin1:
      return latin1Decode(bytes, start, end);
    case Encoding.ucs2:
      return ucs2Decode(bytes, start, end);
    case Encoding.hex:
      return hexDecode(bytes, start, end);
    case Encoding.base64:
      return base64Decode(bytes, start, end, false);
    case Encoding.base64url:
      return base64Decode(bytes, start, end, true);
    default:
      return utf8Decode(bytes, start, end);
  }
}

/** Writes a string in an encoding, at most `length` bytes from `offset`. Returns the bytes written. */
export function writeString(
  into: Uint8Array,
  text: string,
  offset: number,
  length: number,
  encoding: Encoding,
): number {
  switch (encoding) {
    case Encoding.ascii:
    case Encoding.latin1:
      return latin1Write(into, text, offset, length);
    case Encoding.ucs2:
      return ucs2Write(into, text, offset, length);
    case Encoding.hex:
      return hexWrite(into, text, offset, length);
    case Encoding.base64:
    case Encoding.base64url:
      return base64Write(into, text, offset, length);
    default:
      return utf8Write(into, text, offset, length);
  }
}

/** How many bytes a string takes in an encoding: exactly in UTF-8, latin1 and UCS-2, at most in the others. */
export function encodedLength(text: string, encoding: Encoding): number {
  if (encoding === Encoding.utf8 || encoding === Encoding.buffer) return utf8Length(text);
  return encoding === Encoding.ucs2 ? text.length * 2 : text.length;
}

/** A string's bytes in an encoding, in memory of exactly their size. */
export function encodeString(text: string, encoding: Encoding): Uint8Array<ArrayBuffer> {
  if (encoding === Encoding.utf8 || encoding === Encoding.buffer) return utf8Encode(text);
  const most = encodedLength(text, encoding);
  const room = new Bytes(most);
  const written = writeString(room, text, 0, most, encoding);
  return written === most ? room : exactCopy(room, 0, written);
}
