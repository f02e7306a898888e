import { mathMin, TypedArrayProto } from "../primordials.ts";

const { indexOf, lastIndexOf } = TypedArrayProto;

/**
 * Where a search starts (`IndexOfOffset` of node_buffer.cc): negative offsets count from the end, an empty needle is
 * found everywhere. -1: it cannot be found.
 */
export function searchStart(length: number, offset: number, needle: number, forward: boolean): number {
  if (offset < 0) {
    if (offset + length >= 0) return length + offset;
    return forward || needle === 0 ? 0 : -1;
  }
  if (offset + needle <= length) return offset;
  if (needle === 0) return length;
  return forward ? -1 : length - 1;
}

/** Position of one byte, or -1. */
export function searchByte(hay: Uint8Array, byte: number, offset: number, forward: boolean): number {
  const start = searchStart(hay.length, offset, 1, forward);
  if (start < 0 || hay.length === 0) return -1;
  return forward ? indexOf(hay, byte, start) : lastIndexOf(hay, byte, start);
}

/**
 * Position of a byte sequence, or -1. `unit` 2 searches UTF-16LE: matches begin at even positions.
 */
export function searchBytes(
  hay: Uint8Array,
  needle: Uint8Array,
  offset: number,
  forward: boolean,
  unit: 1 | 2,
): number {
  const size = needle.length;
  const start = searchStart(hay.length, offset, size, forward);
  if (size === 0) return start;
  if (hay.length === 0 || start < 0) return -1;
  if ((forward && size + start > hay.length) || size > hay.length) return -1;
  if (unit === 2) {
    if (hay.length < 2 || size < 2) return -1;
    return searchUnits(hay, needle, start, forward);
  }
  const last = hay.length - size;
  const first = needle[0] as number;
  let at = forward ? start : mathMin(start, last);
  for (;;) {
    at = forward ? indexOf(hay, first, at) : lastIndexOf(hay, first, at);
    if (at === -1 || at > last) return -1;
    if (matches(hay, needle, at, size)) return at;
    at += forward ? 1 : -1;
    if (at < 0) return -1;
  }
}

function searchUnits(hay: Uint8Array, needle: Uint8Array, start: number, forward: boolean): number {
  const size = needle.length & ~1;
  const last = (hay.length & ~1) - size;
  const from = start & ~1;
  if (forward) {
    for (let at = from; at <= last; at += 2) if (matches(hay, needle, at, size)) return at;
  } else {
    for (let at = mathMin(from, last); at >= 0; at -= 2) if (matches(hay, needle, at, size)) return at;
  }
  return -1;
}

function matches(hay: Uint8Array, needle: Uint8Array, at: number, size: number): boolean {
  for (let i = 0; i < size; i++) if (hay[at + i] !== needle[i]) return false;
  return true;
}
