import { Bytes } from "../lib/intrinsics.ts";
import {
  dataViewBuffer,
  dataViewByteLength,
  dataViewByteOffset,
  TypedArrayProto,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
  typedArrayTag,
} from "../primordials.ts";

/** A copy of what a view shows. */
export function bytesOf(view: ArrayBufferView): Uint8Array {
  const isTyped = typedArrayTag(view) !== undefined;
  const buffer = isTyped ? typedArrayBuffer(view) : dataViewBuffer(view);
  const offset = isTyped ? typedArrayByteOffset(view) : dataViewByteOffset(view);
  const length = isTyped ? typedArrayByteLength(view) : dataViewByteLength(view);
  return TypedArrayProto.slice(new Bytes(buffer, offset, length));
}
