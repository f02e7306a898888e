import { mathMin, StringProto } from "../primordials.ts";
import { Bytes } from "./intrinsics.ts";
import { latin1Decode } from "./latin1.ts";

const { charCodeAt } = StringProto;

const digit = (value: number): number => (value < 10 ? 48 + value : 87 + value);

/** Lower-case hexadecimal. */
export function hexDecode(bytes: Uint8Array, start: number, end: number): string {
  const out = new Bytes((end - start) * 2);
  for (let i = start, at = 0; i < end; i++) {
    const byte = bytes[i] as number;
    out[at++] = digit(byte >> 4);
    out[at++] = digit(byte & 15);
  }
  return latin1Decode(out, 0, out.length);
}

/** Value of a hexadecimal digit, -1 for another character. Node looks at the low byte of a wide one. */
function nibble(unit: number): number {
  const code = unit & 0xff;
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 && code < 128 ? lower - 87 : -1;
}

/** Writes up to the first pair that is no hexadecimal, at most `length` bytes. Returns the bytes written. */
export function hexWrite(into: Uint8Array, text: string, offset: number, length: number): number {
  const pairs = text.length >> 1;
  const count = mathMin(length, pairs);
  for (let i = 0; i < count; i++) {
    const high = nibble(charCodeAt(text, i * 2));
    const low = nibble(charCodeAt(text, i * 2 + 1));
    if (high < 0 || low < 0) return i;
    into[offset + i] = (high << 4) | low;
  }
  return count;
}
