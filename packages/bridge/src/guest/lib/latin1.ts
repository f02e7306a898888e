import { mathMin, reflectApply, StringProto, stringFromCharCode, TypedArrayProto } from "../primordials.ts";
import { part } from "./bytes.ts";
import { Bytes } from "./intrinsics.ts";
import { nativeText, WORTH_A_CALL } from "./native-text.ts";

const { charCodeAt } = StringProto;
/** Arguments one `String.fromCharCode` call takes: few enough for any stack. */
const CHUNK = 4096;

/** A string of one character per byte. */
export function latin1Decode(bytes: Uint8Array, start: number, end: number): string {
  if (nativeText && end - start >= WORTH_A_CALL) {
    const text = nativeText.latin1Decode(bytes, start, end);
    if (text !== undefined) return text;
  }
  if (end - start <= CHUNK) return characters(bytes, start, end);
  let out = "";
  for (let from = start; from < end; from += CHUNK) {
    out += characters(bytes, from, mathMin(from + CHUNK, end));
  }
  return out;
}

const characters = (bytes: Uint8Array, start: number, end: number): string =>
  reflectApply(stringFromCharCode, undefined, part(bytes, start, end)) as string;

/** The low byte of each character; at most `length` bytes from `offset`. Returns the bytes written. */
export function latin1Write(into: Uint8Array, text: string, offset: number, length: number): number {
  const count = mathMin(length, text.length);
  if (nativeText && count >= WORTH_A_CALL) {
    const written = nativeText.latin1Write(into, text, offset, offset + count);
    if (written !== undefined) return written;
  }
  for (let i = 0; i < count; i++) into[offset + i] = charCodeAt(text, i);
  return count;
}

/** As latin1 with the high bit cleared. */
export function asciiDecode(bytes: Uint8Array, start: number, end: number): string {
  let i = start;
  while (i < end && (bytes[i] as number) < 0x80) i++;
  if (i === end) return latin1Decode(bytes, start, end);
  const copy = new Bytes(end - start);
  TypedArrayProto.set(copy, part(bytes, start, end));
  for (i -= start; i < copy.length; i++) copy[i] = (copy[i] as number) & 0x7f;
  return latin1Decode(copy, 0, end - start);
}
