/** Array buffers and the views over them, whose offsets and lengths in bytes are checked against the buffer. */
import {
  arrayBufferByteLength,
  sharedArrayBufferByteLength,
  TypedArrayProto,
  typedArrayBuffer,
} from "../primordials.ts";
import { brands } from "./brands.ts";
import { Bytes, RawBuffer } from "./intrinsics.ts";
import { VIEW_TAGS, ViewFlag } from "./v8-format.ts";
import type { ValueReader } from "./v8-values.ts";

type ViewClass = new (buffer: ArrayBuffer, offset: number, length?: number) => ArrayBufferView;
const viewClasses: Record<string, ViewClass | undefined> = Object.assign(Object.create(null), {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
});
const elementSize = (View: ViewClass): number =>
  (View as unknown as { readonly BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;

/**
 * Takes the view classes that V8 has behind a flag: they are in a guest's context, and not in the snapshot it was made
 * from. To be called before the program runs.
 */
export function takeFlaggedViews({ Float16Array: found }: { readonly Float16Array?: ViewClass }): void {
  viewClasses["Float16Array"] = found;
}

/** Reads a buffer of a fixed size into memory of its own. */
export const readArrayBuffer = (reader: ValueReader): ArrayBuffer =>
  typedArrayBuffer(reader.in.copy(reader.in.varint())) as ArrayBuffer;

/** Reads a buffer that can grow; its bytes are there before memory for them is taken. */
export function readResizableArrayBuffer(reader: ValueReader): ArrayBuffer {
  const input = reader.in;
  const size = input.varint();
  const max = input.varint();
  if (size > max || size > input.left) reader.bad();
  const buffer = new RawBuffer(size, { maxByteLength: max });
  TypedArrayProto.set(new Bytes(buffer), input.raw(size));
  return buffer;
}

/** Reads the view that stands behind its buffer, tag included. */
export function readView(reader: ValueReader, buffer: ArrayBuffer): ArrayBufferView {
  const input = reader.in;
  input.tag();
  const tag = input.varint();
  const offset = input.varint();
  const size = input.varint();
  const flags = reader.version >= 14 ? input.varint() : 0;
  const whole = brands.isArrayBuffer(buffer) ? arrayBufferByteLength(buffer) : sharedArrayBufferByteLength(buffer);
  for (let i = 0; i < VIEW_TAGS.length; i++) {
    const entry = VIEW_TAGS[i] as (typeof VIEW_TAGS)[number];
    if (entry[1] !== tag) continue;
    const View = viewClasses[entry[0]] ?? reader.bad();
    const unit = elementSize(View);
    if (offset > whole || size > whole - offset || size % unit !== 0 || offset % unit !== 0) reader.bad();
    const tracks = (flags & ViewFlag.lengthTracking) !== 0;
    return reader.keep(tracks ? new View(buffer, offset) : new View(buffer, offset, size / unit));
  }
  return reader.bad();
}
