import { ArrayProto, StringProto, stringFromCharCode } from "../primordials.ts";
import { Bytes } from "./intrinsics.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

// File names are bytes, and need not be UTF-8. As text such a name keeps each byte that is not as the lone surrogate
// U+DC00 + byte, which no UTF-8 stands for: the way of Python's `surrogateescape` (PEP 383).
const ESCAPE = 0xdc00;

/** How many bytes follow a lead byte, and where the second may lie (The Unicode Standard, table 3-7). */
function sequence(lead: number): readonly [following: number, low: number, high: number] | undefined {
  if (lead >= 0xc2 && lead <= 0xdf) return [1, 0x80, 0xbf];
  if (lead >= 0xe0 && lead <= 0xef) return [2, lead === 0xe0 ? 0xa0 : 0x80, lead === 0xed ? 0x9f : 0xbf];
  if (lead >= 0xf0 && lead <= 0xf4) return [3, lead === 0xf0 ? 0x90 : 0x80, lead === 0xf4 ? 0x8f : 0xbf];
  return undefined;
}

/** The end of the valid character that begins at this byte; the byte's own place when there is none. */
function characterEnd(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  if (lead < 0x80) return at + 1;
  const known = sequence(lead);
  if (known === undefined) return at;
  const { 0: following, 1: low, 2: high } = known;
  for (let i = 1; i <= following; i++) {
    const byte = bytes[at + i];
    if (byte === undefined || byte < (i === 1 ? low : 0x80) || byte > (i === 1 ? high : 0xbf)) return at;
  }
  return at + following + 1;
}

/** The text of a name. */
export function decodeName(bytes: Uint8Array): string {
  let text = "";
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = characterEnd(bytes, at);
    if (end > at) {
      at = end;
      continue;
    }
    text += utf8Decode(bytes, from, at) + stringFromCharCode(ESCAPE + (bytes[at] as number));
    from = ++at;
  }
  return text + utf8Decode(bytes, from, bytes.length);
}

/** The bytes of a name. */
export function encodeNameBytes(text: string): Uint8Array<ArrayBuffer> {
  if (StringProto.isWellFormed(text)) return utf8Encode(text);
  const bytes: number[] = [];
  let from = 0;
  const flush = (to: number): void => {
    const part = utf8Encode(StringProto.slice(text, from, to));
    for (let i = 0; i < part.length; i++) ArrayProto.push(bytes, part[i] as number);
  };
  for (let i = 0; i < text.length; i++) {
    const unit = StringProto.charCodeAt(text, i);
    if ((unit & 0xfc00) === 0xd800) i++;
    else if ((unit & 0xff80) === 0xdc80) {
      flush(i);
      ArrayProto.push(bytes, unit - ESCAPE);
      from = i + 1;
    }
  }
  flush(text.length);
  const out = new Bytes(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = bytes[i] as number;
  return out;
}
