import { reflectApply, StringProto, stringFromCharCode, typedArrayBuffer } from "../primordials.ts";
import { Bytes, Words } from "./intrinsics.ts";
import { latin1Decode } from "./latin1.ts";
import { nativeText, WORTH_A_CALL } from "./native-text.ts";

const { charCodeAt } = StringProto;
/** UTF-16 units gathered before they become a string. */
const CHUNK = 4096;
const REPLACEMENT = 0xfffd;

/** Bytes a string takes in UTF-8; lone surrogates count as U+FFFD, three bytes. */
export function utf8Length(text: string): number {
  const { length } = text;
  if (nativeText && length >= WORTH_A_CALL) return nativeText.utf8Length(text);
  let bytes = length;
  for (let i = 0; i < length; i++) {
    const unit = charCodeAt(text, i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if ((unit & 0xfc00) === 0xd800 && i + 1 < length && (charCodeAt(text, i + 1) & 0xfc00) === 0xdc00) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

/** UTF-16 units `utf8Write` took from its text in its last call. */
export let utf8UnitsRead = 0;

/** Writes whole characters only, at most `length` bytes from `offset`. Returns the bytes written. */
export function utf8Write(into: Uint8Array, text: string, offset: number, length: number): number {
  const units = text.length;
  const end = offset + length;
  if (nativeText && units >= WORTH_A_CALL) {
    const written = nativeText.utf8Write(into, text, offset, end);
    if (written !== undefined) {
      utf8UnitsRead = units;
      return written;
    }
  }
  let at = offset;
  let i = 0;
  for (; i < units; i++) {
    const unit = charCodeAt(text, i);
    if (unit < 0x80) {
      if (at >= end) break;
      into[at++] = unit;
    } else if (unit < 0x800) {
      if (at + 2 > end) break;
      into[at++] = 0xc0 | (unit >> 6);
      into[at++] = 0x80 | (unit & 0x3f);
    } else {
      let point = unit;
      if ((unit & 0xf800) === 0xd800) {
        const next = i + 1 < units ? charCodeAt(text, i + 1) : 0;
        point =
          unit < 0xdc00 && (next & 0xfc00) === 0xdc00 ? 0x10000 + ((unit & 0x3ff) << 10) + (next & 0x3ff) : REPLACEMENT;
      }
      if (point > 0xffff) {
        if (at + 4 > end) break;
        into[at++] = 0xf0 | (point >> 18);
        into[at++] = 0x80 | ((point >> 12) & 0x3f);
        into[at++] = 0x80 | ((point >> 6) & 0x3f);
        into[at++] = 0x80 | (point & 0x3f);
        i++;
      } else {
        if (at + 3 > end) break;
        into[at++] = 0xe0 | (point >> 12);
        into[at++] = 0x80 | ((point >> 6) & 0x3f);
        into[at++] = 0x80 | (point & 0x3f);
      }
    }
  }
  utf8UnitsRead = i;
  return at - offset;
}

/** The UTF-8 bytes of a string, in memory of exactly their size. */
export function utf8Encode(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Bytes(utf8Length(text));
  utf8Write(bytes, text, 0, bytes.length);
  return bytes;
}

/**
 * Decodes UTF-8 by the WHATWG rules: each maximal broken sequence becomes one U+FFFD.
 * In fatal mode a broken sequence gives `undefined`.
 */
export function utf8Decode(bytes: Uint8Array, start: number, end: number, fatal: true): string | undefined;
export function utf8Decode(bytes: Uint8Array, start: number, end: number, fatal?: false): string;
export function utf8Decode(bytes: Uint8Array, start: number, end: number, fatal = false): string | undefined {
  if (nativeText && end - start >= WORTH_A_CALL) {
    const text = nativeText.utf8Decode(bytes, start, end);
    // One that is really there looks like one for a broken sequence.
    if (text !== undefined && !(fatal && StringProto.includes(text, "\ufffd"))) return text;
  }
  let i = start;
  while (i < end && (bytes[i] as number) < 0x80) i++;
  if (i === end) return latin1Decode(bytes, start, end);
  let out = latin1Decode(bytes, start, i);
  const room = end - i < CHUNK ? end - i + 1 : CHUNK + 2;
  const units = new Words(room);
  const limit = room - 2;
  let count = 0;
  while (i < end) {
    if (count > limit) {
      out += fromUnits(units, count);
      count = 0;
    }
    const lead = bytes[i++] as number;
    if (lead < 0x80) {
      units[count++] = lead;
      continue;
    }
    let need = 0;
    let low = 0x80;
    let high = 0xbf;
    let point = 0;
    if (lead >= 0xc2 && lead <= 0xdf) {
      need = 1;
      point = lead & 0x1f;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      need = 2;
      point = lead & 0xf;
      if (lead === 0xe0) low = 0xa0;
      else if (lead === 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      need = 3;
      point = lead & 7;
      if (lead === 0xf0) low = 0x90;
      else if (lead === 0xf4) high = 0x8f;
    }
    if (need === 0) point = REPLACEMENT;
    for (; need > 0; need--) {
      const next = i < end ? (bytes[i] as number) : 0;
      if (next < low || next > high) {
        point = -1;
        break;
      }
      point = (point << 6) | (next & 0x3f);
      low = 0x80;
      high = 0xbf;
      i++;
    }
    if (point === -1 || point === REPLACEMENT) {
      // A U+FFFD that is really in the text is no error.
      if (fatal && !(lead === 0xef && point === REPLACEMENT)) return undefined;
      units[count++] = REPLACEMENT;
    } else if (point > 0xffff) {
      units[count++] = 0xd7c0 + (point >> 10);
      units[count++] = 0xdc00 + (point & 0x3ff);
    } else units[count++] = point;
  }
  return out + fromUnits(units, count);
}

const fromUnits = (units: Uint16Array, count: number): string =>
  reflectApply(stringFromCharCode, undefined, new Words(typedArrayBuffer(units), 0, count)) as string;

/** The bytes are well-formed UTF-8. */
export const isUtf8 = (bytes: Uint8Array): boolean => utf8Decode(bytes, 0, bytes.length, true) !== undefined;
