import { mathMin, reflectApply, StringProto, stringFromCharCode, typedArrayBuffer } from "../primordials.ts";
import { Words } from "./intrinsics.ts";

const { charCodeAt } = StringProto;
const CHUNK = 4096;

/** UTF-16LE bytes as a string; an odd last byte is left out. */
export function ucs2Decode(bytes: Uint8Array, start: number, end: number): string {
  const total = (end - start) >> 1;
  const units = new Words(mathMin(total, CHUNK));
  let out = "";
  let at = start;
  for (let done = 0; done < total; ) {
    const count = mathMin(total - done, CHUNK);
    for (let i = 0; i < count; i++, at += 2) units[i] = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    out += reflectApply(stringFromCharCode, undefined, new Words(typedArrayBuffer(units), 0, count)) as string;
    done += count;
  }
  return out;
}

/** Writes whole UTF-16LE units, at most `length` bytes from `offset`. Returns the bytes written. */
export function ucs2Write(into: Uint8Array, text: string, offset: number, length: number): number {
  const units = mathMin(length >> 1, text.length);
  for (let i = 0, at = offset; i < units; i++, at += 2) {
    const unit = charCodeAt(text, i);
    into[at] = unit & 0xff;
    into[at + 1] = unit >> 8;
  }
  return units * 2;
}
