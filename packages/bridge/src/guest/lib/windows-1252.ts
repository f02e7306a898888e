import { stringFromCharCode } from "../primordials.ts";
import { latin1Decode } from "./latin1.ts";

/** 0x80 to 0x9F of https://encoding.spec.whatwg.org/index-windows-1252.txt; the rest is Latin-1. */
const HIGH = [
  0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f,
  0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
] as const;

/** Decodes windows-1252, which has a character for every byte. */
export function windows1252Decode(bytes: Uint8Array): string {
  let out = "";
  let from = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x80 || byte > 0x9f) continue;
    out += latin1Decode(bytes, from, i) + stringFromCharCode(HIGH[byte - 0x80] as number);
    from = i + 1;
  }
  return out + latin1Decode(bytes, from, bytes.length);
}
