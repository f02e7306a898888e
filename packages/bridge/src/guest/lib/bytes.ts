import {
  arrayBufferByteLength,
  arrayBufferDetached,
  dataViewBuffer,
  dataViewByteLength,
  dataViewByteOffset,
  isArrayBufferView,
  sharedArrayBufferByteLength,
  TypedArrayProto,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
  typedArrayTag,
} from "../primordials.ts";
import { Bytes } from "./intrinsics.ts";

/** The memory under any array buffer view. */
export const bufferOfView = (view: ArrayBufferView): ArrayBufferLike =>
  typedArrayTag(view) === undefined ? dataViewBuffer(view) : typedArrayBuffer(view);

/** The bytes under any array buffer view. */
export function bytesOfView(view: ArrayBufferView): Uint8Array {
  const tag = typedArrayTag(view);
  if (tag === "Uint8Array") return view as Uint8Array;
  return tag === undefined
    ? new Bytes(dataViewBuffer(view), dataViewByteOffset(view), dataViewByteLength(view))
    : new Bytes(typedArrayBuffer(view), typedArrayByteOffset(view), typedArrayByteLength(view));
}

/** The bytes of a view, an ArrayBuffer or a SharedArrayBuffer; nothing for another value. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (isArrayBufferView(value)) return bytesOfView(value);
  if (typeof value !== "object" || value === null) return undefined;
  try {
    return new Bytes(value as ArrayBufferLike, 0, bufferLength(value));
  } catch {
    return undefined;
  }
}

/** An ArrayBuffer whose memory was transferred away. */
export function isDetached(value: unknown): boolean {
  try {
    return arrayBufferDetached(value);
  } catch {
    return false;
  }
}

function bufferLength(value: object): number {
  try {
    return arrayBufferByteLength(value);
  } catch {
    return sharedArrayBufferByteLength(value);
  }
}

/** Part of a byte array over the same memory. `subarray` would ask the array's own constructor. */
export const part = (bytes: Uint8Array, start: number, end: number): Uint8Array =>
  new Bytes(typedArrayBuffer(bytes), typedArrayByteOffset(bytes) + start, end - start);

/**
 * A copy with memory of exactly its size: what may cross the boundary. An array made of another one is the only kind V8
 * does not clear before it is filled.
 */
export const exactCopy = (bytes: Uint8Array, start = 0, end = typedArrayByteLength(bytes)): Uint8Array<ArrayBuffer> =>
  new Bytes(part(bytes, start, end));

/** Whether a byte array is all of its memory. */
export const isWhole = (bytes: Uint8Array): boolean =>
  typedArrayByteLength(bytes) === bufferLength(typedArrayBuffer(bytes));

/** Byte arrays laid end to end, in memory of exactly their size. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let size = 0;
  for (let i = 0; i < pieces.length; i++) size += typedArrayByteLength(pieces[i] as Uint8Array);
  const joined = new Bytes(size);
  for (let i = 0, at = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Uint8Array;
    TypedArrayProto.set(joined, piece, at);
    at += typedArrayByteLength(piece);
  }
  return joined;
}

/** Byte arrays as one: one alone as it is. */
export const asOne = (pieces: readonly Uint8Array[]): Uint8Array =>
  pieces.length === 1 ? (pieces[0] as Uint8Array) : joinBytes(pieces);
