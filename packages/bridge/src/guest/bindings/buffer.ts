import { arrayIndex } from "../lib/array-index.ts";
import { AtobFailure, base64Decode, base64Write, forgivingDecode } from "../lib/base64.ts";
import {
  bindingError,
  indexOutOfRange,
  MAX_STRING_LENGTH,
  notABuffer,
  notAString,
  stringTooLong,
} from "../lib/binding-error.ts";
import { compareBytes, copyBytes, swapBytes } from "../lib/byte-order.ts";
import { bytesOf, bytesOfView, isDetached, part } from "../lib/bytes.ts";
import { Encoding, encodeString } from "../lib/encodings.ts";
import { fillBytes } from "../lib/fill.ts";
import { hexDecode, hexWrite } from "../lib/hex.ts";
import { implement } from "../lib/implement.ts";
import { Bytes, RawBuffer } from "../lib/intrinsics.ts";
import { asciiDecode, latin1Decode, latin1Write } from "../lib/latin1.ts";
import { searchByte, searchBytes } from "../lib/search.ts";
import { ucs2Decode, ucs2Write } from "../lib/ucs2.ts";
import { isUtf8, utf8Decode, utf8Length, utf8Write } from "../lib/utf8.ts";
import { isArrayBufferView, mathMax, mathMin, StringProto, typedArrayBuffer } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

type Decode = (bytes: Uint8Array, start: number, end: number) => string;
type Write = (into: Uint8Array, text: string, offset: number, length: number) => number;

/** `buf.utf8Slice(start, end)` and its kin; `growth` is how many characters a byte can become at most. */
const slice = (decode: Decode, growth: number) =>
  function (this: unknown, start?: unknown, end?: unknown): string {
    if (!isArrayBufferView(this)) throw notABuffer();
    const bytes = bytesOfView(this);
    const size = bytes.length;
    if (size === 0) return "";
    const from = arrayIndex(start, 0);
    let to = arrayIndex(end, size);
    if (to < from) to = from;
    if (to > size) throw indexOutOfRange();
    if ((to - from) * growth > MAX_STRING_LENGTH) throw stringTooLong();
    return decode(bytes, from, to);
  };

/** `buf.hexWrite(text, offset, length)` and its kin. */
const write = (put: Write) =>
  function (this: unknown, text: unknown, offset?: unknown, length?: unknown): number {
    if (!isArrayBufferView(this)) throw notABuffer();
    if (typeof text !== "string") throw notAString();
    const bytes = bytesOfView(this);
    const at = arrayIndex(offset, 0);
    if (at > bytes.length) {
      throw bindingError("RangeError", "ERR_BUFFER_OUT_OF_BOUNDS", '"offset" is outside of buffer bounds');
    }
    const room = bytes.length - at;
    const wanted = arrayIndex(length, room);
    const most = mathMin(wanted, room);
    return most === 0 ? 0 : put(bytes, text, at, most);
  };

/** `utf8WriteStatic(buf, text, offset, length)` and its kin; the library checked offset and length before. */
const writeStatic =
  (put: Write) =>
  (target: unknown, text: unknown, offset?: unknown, length?: unknown): number => {
    if (!isArrayBufferView(target)) throw notABuffer();
    if (typeof text !== "string") throw notAString();
    const bytes = bytesOfView(target);
    const at = arrayIndex(offset, 0);
    const room = bytes.length > at ? bytes.length - at : 0;
    const wanted = arrayIndex(length, room);
    const most = mathMin(wanted, room);
    return most === 0 ? 0 : put(bytes, text, at, most);
  };

const bytesOrThrow = (value: unknown): Uint8Array => {
  const bytes = bytesOf(value);
  if (bytes === undefined) throw notABuffer();
  return bytes;
};

const attachedBytes = (value: unknown): Uint8Array => {
  const buffer = isArrayBufferView(value) ? typedArrayBuffer(bytesOfView(value)) : value;
  if (!isDetached(buffer)) return bytesOrThrow(value);
  throw bindingError("Error", "ERR_INVALID_STATE", "Cannot validate on a detached buffer");
};

const slices = {
  asciiSlice: slice(asciiDecode, 1),
  base64Slice: slice((bytes, start, end) => base64Decode(bytes, start, end, false), 4 / 3),
  base64urlSlice: slice((bytes, start, end) => base64Decode(bytes, start, end, true), 4 / 3),
  latin1Slice: slice(latin1Decode, 1),
  hexSlice: slice(hexDecode, 2),
  ucs2Slice: slice(ucs2Decode, 0.5),
  utf8Slice: slice((bytes, start, end) => utf8Decode(bytes, start, end), 1),
};

const writes = {
  base64Write: write(base64Write),
  base64urlWrite: write(base64Write),
  hexWrite: write(hexWrite),
  ucs2Write: write(ucs2Write),
  asciiWriteStatic: writeStatic(latin1Write),
  latin1WriteStatic: writeStatic(latin1Write),
  utf8WriteStatic: writeStatic(utf8Write),
};

const searching = {
  indexOfNumber: (hay: ArrayBufferView, byte: number, offset: number, forward: boolean) =>
    searchByte(bytesOrThrow(hay), byte & 0xff, offset, forward),
  indexOfBuffer: (hay: ArrayBufferView, needle: ArrayBufferView, offset: number, encoding: number, forward: boolean) =>
    searchBytes(bytesOrThrow(hay), bytesOrThrow(needle), offset, forward, encoding === Encoding.ucs2 ? 2 : 1),
  indexOfString: (hay: ArrayBufferView, needle: string, offset: number, encoding: Encoding, forward: boolean) =>
    searchBytes(bytesOrThrow(hay), encodeString(needle, encoding), offset, forward, encoding === Encoding.ucs2 ? 2 : 1),
};

const moving = {
  copy: (from: ArrayBufferView, to: ArrayBufferView, at: number, start: number, count: number) => {
    copyBytes(bytesOrThrow(from), start, bytesOrThrow(to), at, count);
    return count;
  },
  copyArrayBuffer: (to: ArrayBufferLike, at: number, from: ArrayBufferLike, start: number, count: number) =>
    copyBytes(new Bytes(from), start, new Bytes(to), at, count),
  compare: (left: unknown, right: unknown) => {
    if (!isArrayBufferView(left) || !isArrayBufferView(right)) throw notABuffer();
    return compareBytes(bytesOfView(left), bytesOfView(right));
  },
  compareOffset,
  fill: fillBytes,
  swap16: (target: ArrayBufferView) => swapBytes(target, bytesOrThrow(target), 2),
  swap32: (target: ArrayBufferView) => swapBytes(target, bytesOrThrow(target), 4),
  swap64: (target: ArrayBufferView) => swapBytes(target, bytesOrThrow(target), 8),
  createUnsafeArrayBuffer: (size: number) => new RawBuffer(size),
};

function compareOffset(
  source: ArrayBufferView,
  target: ArrayBufferView,
  targetStart: number,
  sourceStart: number,
  targetEnd: number,
  sourceEnd: number,
): number {
  const left = bytesOrThrow(source);
  const right = bytesOrThrow(target);
  if (sourceStart > left.length) {
    throw bindingError("RangeError", "ERR_OUT_OF_RANGE", 'The value of "sourceStart" is out of range.');
  }
  if (targetStart > right.length) {
    throw bindingError("RangeError", "ERR_OUT_OF_RANGE", 'The value of "targetStart" is out of range.');
  }
  const leftEnd = mathMin(sourceEnd, left.length);
  const rightEnd = mathMin(targetEnd, right.length);
  return compareBytes(
    part(left, sourceStart, mathMax(leftEnd, sourceStart)),
    part(right, targetStart, mathMax(rightEnd, targetStart)),
  );
}

const texts = {
  byteLengthUtf8: (text: string) => utf8Length(text),
  isUtf8: (value: unknown) => isUtf8(attachedBytes(value)),
  isAscii(value: unknown) {
    const bytes = attachedBytes(value);
    for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) > 127) return false;
    return true;
  },
  atob: (text: string) => forgivingDecode(text),
  btoa(text: string) {
    const bytes = new Bytes(text.length);
    for (let i = 0; i < text.length; i++) {
      const code = StringProto.charCodeAt(text, i);
      if (code > 255) return AtobFailure.incomplete;
      bytes[i] = code;
    }
    return base64Decode(bytes, 0, bytes.length, false);
  },
};

export const install: InstallBinding = (binding) => {
  // Gone from the manifest because the bootstrap deletes it; nothing here makes buffers on its own.
  implement(binding, { setBufferPrototype: () => {} });
  implement(binding, slices);
  implement(binding, writes);
  implement(binding, searching);
  implement(binding, moving);
  implement(binding, texts);
};
