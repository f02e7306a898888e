import { part } from "../lib/bytes.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { mathMin, TypedArrayProto, typedArrayByteLength } from "../primordials.ts";
import { Flag, FrameType, HEAD_SIZE, MAX_PADDING, MAX_PAYLOAD, makeFrame, writeHead } from "./frames.ts";
import type { Field } from "./hpack-table.ts";
import type { ConnectionListener } from "./listener.ts";

/** Most a block may take in the longest of its encodings (`nghttp2_hd_deflate_bound`), bytes. */
export function boundOf(fields: readonly Field[]): number {
  let bound = 12 + 12 * fields.length;
  for (let i = 0; i < fields.length; i++) {
    const { name, value } = fields[i] as Field;
    bound += name.length + value.length;
  }
  return bound;
}

/**
 * A block of fields as one frame, padded where the program wants it, or as a frame and its CONTINUATIONs (RFC 9113
 * section 4.3).
 * @param type HEADERS or PUSH_PROMISE
 */
export function makeBlock(
  listener: ConnectionListener,
  type: number,
  flags: number,
  streamId: number,
  block: Uint8Array,
): Uint8Array {
  const length = typedArrayByteLength(block);
  if (length > MAX_PAYLOAD) return divide(type, flags, streamId, block);
  const most = mathMin(MAX_PAYLOAD, length + MAX_PADDING);
  const padding = length < most ? listener.choosePadding(length, most) - length : 0;
  if (padding === 0) return makeFrame(type, flags | Flag.endHeaders, streamId, block);
  const padded = new Bytes(length + padding);
  padded[0] = padding - 1;
  TypedArrayProto.set(padded, block, 1);
  return makeFrame(type, flags | Flag.endHeaders | Flag.padded, streamId, padded);
}

function divide(type: number, flags: number, streamId: number, block: Uint8Array): Uint8Array {
  const length = typedArrayByteLength(block);
  const count = (length - (length % MAX_PAYLOAD)) / MAX_PAYLOAD + (length % MAX_PAYLOAD === 0 ? 0 : 1);
  const out = new Bytes(length + count * HEAD_SIZE);
  for (let at = 0, from = 0; from < length; from += MAX_PAYLOAD) {
    const end = mathMin(length, from + MAX_PAYLOAD);
    const isFirst = from === 0;
    const ended = end === length ? Flag.endHeaders : Flag.none;
    const head = {
      length: end - from,
      type: isFirst ? type : FrameType.continuation,
      flags: (isFirst ? flags : Flag.none) | ended,
      streamId,
    };
    writeHead(out, at, head);
    TypedArrayProto.set(out, part(block, from, end), at + HEAD_SIZE);
    at += HEAD_SIZE + end - from;
  }
  return out;
}
