/** Array buffers and the views over them. A view stands right behind its buffer, or a reference to it. */
import {
  arrayBufferDetached,
  dataViewBuffer,
  dataViewByteLength,
  dataViewByteOffset,
  getterOf,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
  typedArrayTag,
} from "../primordials.ts";
import { brands } from "./brands.ts";
import { Bytes } from "./intrinsics.ts";
import { V8Tag, VIEW_TAGS, ViewFlag } from "./v8-format.ts";
import type { ValueWriter } from "./v8-values.ts";

const isResizable = getterOf<boolean>(ArrayBuffer.prototype, "resizable");
const maxByteLength = getterOf<number>(ArrayBuffer.prototype, "maxByteLength");

/** The buffer of a typed array or DataView. */
export const bufferOf = (view: ArrayBufferView): ArrayBufferLike =>
  typedArrayTag(view) === undefined ? dataViewBuffer(view) : typedArrayBuffer(view);

/**
 * Writes a buffer: its bytes, or the number it is transferred under.
 * @param transfer undefined for a buffer that is copied
 * @throws the clone error for a detached buffer that is copied
 */
export function writeArrayBuffer(writer: ValueWriter, buffer: ArrayBuffer, transfer: number | undefined): void {
  const { out } = writer;
  if (transfer !== undefined) {
    out.tag(V8Tag.arrayBufferTransfer);
    out.varint(transfer);
    return;
  }
  if (arrayBufferDetached(buffer)) writer.fail("An ArrayBuffer is detached and could not be cloned.");
  const bytes = new Bytes(buffer);
  if (isResizable(buffer)) {
    out.tag(V8Tag.resizableArrayBuffer);
    out.varint(bytes.length);
    out.varint(maxByteLength(buffer));
  } else {
    out.tag(V8Tag.arrayBuffer);
    out.varint(bytes.length);
  }
  out.raw(bytes);
}

/** Writes the number a SharedArrayBuffer is known by; its memory stays where it is. */
export function writeSharedArrayBuffer({ out }: ValueWriter, id: number): void {
  out.tag(V8Tag.sharedArrayBuffer);
  out.varint(id);
}

/**
 * Writes a view's class, offset and length in bytes; its buffer is written already.
 * @throws the clone error for a class the format has no tag for
 */
export function writeView(writer: ValueWriter, view: ArrayBufferView): void {
  const { out } = writer;
  const name = typedArrayTag(view) ?? "DataView";
  let tag = -1;
  for (let i = 0; i < VIEW_TAGS.length; i++) if (VIEW_TAGS[i]?.[0] === name) tag = VIEW_TAGS[i]?.[1] as number;
  if (tag === -1) writer.refuse(view);
  const data = name === "DataView";
  out.tag(V8Tag.view);
  out.varint(tag);
  out.varint(data ? dataViewByteOffset(view) : typedArrayByteOffset(view));
  out.varint(data ? dataViewByteLength(view) : typedArrayByteLength(view));
  const buffer = bufferOf(view);
  const resizable = brands.isArrayBuffer(buffer) && isResizable(buffer);
  out.varint(resizable ? ViewFlag.resizable : 0);
}
