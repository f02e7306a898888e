import { mathMin, TypedArrayProto } from "../primordials.ts";
import { part } from "./bytes.ts";

/** -1, 0 or 1, as memcmp over the common length and then by length. */
export function compareBytes(left: Uint8Array, right: Uint8Array): -1 | 0 | 1 {
  const common = mathMin(left.length, right.length);
  for (let i = 0; i < common; i++) {
    const difference = (left[i] as number) - (right[i] as number);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  if (left.length === right.length) return 0;
  return left.length < right.length ? -1 : 1;
}

/** Copies `count` bytes; the ranges may overlap and are cut to what is there. */
export function copyBytes(from: Uint8Array, start: number, to: Uint8Array, at: number, count: number): void {
  let size = count;
  if (start + size > from.length) size = from.length - start;
  if (at + size > to.length) size = to.length - at;
  if (size <= 0) return;
  if (size === 1) to[at] = from[start] as number;
  else TypedArrayProto.set(to, part(from, start, start + size), at);
}

/** Reverses the bytes of every `width`-byte unit in place. */
export function swapBytes<T>(target: T, bytes: Uint8Array, width: 2 | 4 | 8): T {
  const half = width >> 1;
  for (let i = 0; i + width <= bytes.length; i += width) {
    for (let j = 0; j < half; j++) {
      const low = bytes[i + j] as number;
      bytes[i + j] = bytes[i + width - 1 - j] as number;
      bytes[i + width - 1 - j] = low;
    }
  }
  return target;
}
