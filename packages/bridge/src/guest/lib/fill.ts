import { isArrayBufferView, mathMin, TypedArrayProto } from "../primordials.ts";
import { arrayIndex } from "./array-index.ts";
import { notABuffer } from "./binding-error.ts";
import { bytesOfView, part } from "./bytes.ts";
import { Encoding, encodeString, parseEncoding, writeString } from "./encodings.ts";
import { ToNumber } from "./intrinsics.ts";

/** What `fill` answers where the library has to throw. */
const Fill = { empty: -1, outOfRange: -2 } as const;

/** `internalBinding('buffer').fill`: the pattern once, then doubled over the rest. */
export function fillBytes(
  target: unknown,
  value: unknown,
  from: unknown,
  to: unknown,
  encoding: unknown,
): number | undefined {
  if (!isArrayBufferView(target)) throw notABuffer();
  const bytes = bytesOfView(target);
  const start = arrayIndex(from, 0);
  const end = arrayIndex(to, bytes.length);
  if (start > end || end > bytes.length) return Fill.outOfRange;
  const room = end - start;
  let written: number;
  if (isArrayBufferView(value)) written = place(bytes, start, room, bytesOfView(value));
  else if (typeof value === "string") {
    const kind = parseEncoding(encoding);
    // Only these two may be cut in the middle of a character.
    const cuts = kind === Encoding.utf8 || kind === Encoding.ucs2;
    written = cuts
      ? place(bytes, start, room, encodeString(value, kind))
      : writeString(bytes, value, start, room, kind);
  } else {
    TypedArrayProto.fill(bytes, ToNumber(value) & 0xff, start, end);
    return undefined;
  }
  if (written >= room) return undefined;
  if (written === 0) return Fill.empty;
  while (written < room) {
    const more = written * 2 <= room ? written : room - written;
    TypedArrayProto.copyWithin(bytes, start + written, start, start + more);
    written += more;
  }
  return undefined;
}

function place(bytes: Uint8Array, start: number, room: number, pattern: Uint8Array): number {
  const size = mathMin(pattern.length, room);
  if (size > 0) TypedArrayProto.set(bytes, size === pattern.length ? pattern : part(pattern, 0, size), start);
  return size;
}
