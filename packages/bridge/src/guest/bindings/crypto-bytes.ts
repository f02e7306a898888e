import { notABuffer } from "../lib/binding-error.ts";
import { bytesOf, exactCopy, part } from "../lib/bytes.ts";
import { decodeBytes, Encoding, encodeString, parseEncoding } from "../lib/encodings.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { mathMin, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** Most bytes of data one syscall takes. */
export const CHUNK = 8 * 1024 * 1024;

/** The bytes of a string in its encoding, or of a view or buffer, over the same memory. */
export function inputBytes(data: unknown, encoding?: unknown): Uint8Array {
  if (typeof data === "string") return encodeString(data, parseEncoding(encoding, Encoding.utf8));
  const bytes = bytesOf(data);
  if (bytes === undefined) throw notABuffer();
  return bytes;
}

/** A copy that may cross: exactly its own memory, and out of the program's reach while an operation is under way. */
export const copyOf = (data: unknown): Uint8Array => exactCopy(inputBytes(data));

/** Calls with a copy of each piece of at most `CHUNK` bytes. */
export function inChunks(bytes: Uint8Array, visit: (chunk: Uint8Array, start: number) => void): void {
  const size = typedArrayByteLength(bytes);
  for (let start = 0; start < size; start += CHUNK) {
    const end = mathMin(start + CHUNK, size);
    visit(exactCopy(part(bytes, start, end)), start);
  }
}

/** A result as its caller asked for it: a `Buffer`, or text in an encoding. */
export function outputIn(realm: Realm, bytes: Uint8Array, encoding: unknown): unknown {
  const wanted = parseEncoding(encoding, Encoding.buffer);
  if (wanted === Encoding.buffer) return asNodeBuffer(realm, bytes);
  return decodeBytes(bytes, 0, typedArrayByteLength(bytes), wanted);
}
