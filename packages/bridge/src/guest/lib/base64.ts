import { StringProto } from "../primordials.ts";
import { Bytes } from "./intrinsics.ts";
import { latin1Decode } from "./latin1.ts";

const { charCodeAt } = StringProto;
const PAD = 61;
const INVALID = 64;

const alphabet = (last: string): Uint8Array => {
  const codes = new Bytes(64);
  const text = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${last}`;
  for (let i = 0; i < 64; i++) codes[i] = charCodeAt(text, i);
  return codes;
};
const standard = alphabet("+/");
const urlSafe = alphabet("-_");

/** Low byte of a character -> six bits, both alphabets; INVALID for others. */
const values = new Bytes(256);
for (let i = 0; i < 256; i++) values[i] = INVALID;
for (let i = 0; i < 64; i++) {
  values[standard[i] as number] = i;
  values[urlSafe[i] as number] = i;
}

/** Base64 (RFC 4648 section 4 with padding, or section 5 without). */
export function base64Decode(bytes: Uint8Array, start: number, end: number, url: boolean): string {
  const codes = url ? urlSafe : standard;
  const size = end - start;
  const rest = size % 3;
  const whole = size - rest;
  const groups = whole / 3;
  const tail = rest === 0 ? 0 : url ? rest + 1 : 4;
  const out = new Bytes(groups * 4 + tail);
  let at = 0;
  let i = start;
  for (const stop = start + whole; i < stop; i += 3) {
    const bits = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    out[at++] = codes[bits >> 18] as number;
    out[at++] = codes[(bits >> 12) & 63] as number;
    out[at++] = codes[(bits >> 6) & 63] as number;
    out[at++] = codes[bits & 63] as number;
  }
  if (rest > 0) {
    const bits = ((bytes[i] as number) << 16) | (rest === 2 ? (bytes[i + 1] as number) << 8 : 0);
    out[at++] = codes[bits >> 18] as number;
    out[at++] = codes[(bits >> 12) & 63] as number;
    if (rest === 2) out[at++] = codes[(bits >> 6) & 63] as number;
    while (at < out.length) out[at++] = PAD;
  }
  return latin1Decode(out, 0, out.length);
}

/**
 * Decodes either alphabet as `Buffer.from(text, "base64")` does: characters outside it are skipped, the first `=` ends
 * the text. At most `length` bytes from `offset`; returns the bytes written.
 */
export function base64Write(into: Uint8Array, text: string, offset: number, length: number): number {
  const size = text.length;
  const end = offset + length;
  let at = offset;
  let i = 0;
  // Four valid characters at a time, as long as that goes well.
  while (i + 4 <= size && at + 3 <= end) {
    const bits = quad(text, i);
    if (bits < 0) break;
    into[at++] = bits >> 16;
    into[at++] = (bits >> 8) & 0xff;
    into[at++] = bits & 0xff;
    i += 4;
  }
  let bits = 0;
  let count = 0;
  for (; i < size && at < end; i++) {
    // Node looks at the low byte of a wide character.
    const code = charCodeAt(text, i) & 0xff;
    if (code === PAD) break;
    const value = values[code] as number;
    if (value === INVALID) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      into[at++] = (bits >> count) & 0xff;
    }
  }
  return at - offset;
}

function quad(text: string, i: number): number {
  const a = charCodeAt(text, i);
  const b = charCodeAt(text, i + 1);
  const c = charCodeAt(text, i + 2);
  const d = charCodeAt(text, i + 3);
  if ((a | b | c | d) > 127) return -1;
  const w = values[a] as number;
  const x = values[b] as number;
  const y = values[c] as number;
  const z = values[d] as number;
  return (w | x | y | z) >= INVALID ? -1 : (w << 18) | (x << 12) | (y << 6) | z;
}

/** Why `atob` refused a text; the numbers are those of `internalBinding('buffer').atob`. */
export const AtobFailure = { incomplete: -1, invalidCharacter: -2, overflow: -3 } as const;

/** WHATWG forgiving-base64 decode (https://infra.spec.whatwg.org/#forgiving-base64-decode), one character a byte. */
export function forgivingDecode(text: string): string | number {
  const size = text.length;
  const out = new Bytes(((size * 3) >> 2) + 3);
  let at = 0;
  let bits = 0;
  let valid = 0;
  let pads = 0;
  for (let i = 0; i < size; i++) {
    const code = charCodeAt(text, i);
    if (code === 32 || code === 9 || code === 10 || code === 12 || code === 13) continue;
    if (code === PAD) {
      pads++;
      continue;
    }
    const value = code < 128 && code !== 45 && code !== 95 ? (values[code] as number) : INVALID;
    if (value === INVALID || pads > 0) return AtobFailure.invalidCharacter;
    bits = ((bits << 6) | value) & 0xffffff;
    valid++;
    if (valid % 4 !== 1) out[at++] = (bits >> ((6 * valid) % 8)) & 0xff;
  }
  if (pads > 0 && (pads > 2 || (valid + pads) % 4 !== 0)) return AtobFailure.invalidCharacter;
  if (valid % 4 === 1) return AtobFailure.incomplete;
  return latin1Decode(out, 0, at);
}
