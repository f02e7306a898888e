import { Bytes } from "../lib/intrinsics.ts";
import { TypedArrayProto, typedArrayByteLength } from "../primordials.ts";

/** Types of frames (RFC 9113 section 6, RFC 7838, RFC 8336). */
export const FrameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
  altsvc: 10,
  origin: 12,
} as const;

export const Flag = { none: 0, endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

export const HEAD_SIZE = 9;
export const PRIORITY_SIZE = 5;
/** Longest payload that is sent, whatever the other side allows. */
export const MAX_PAYLOAD = 16384;
/** Most padding with the byte that says how much. */
export const MAX_PADDING = 256;

/** What a client's connection begins with. */
export const CLIENT_MAGIC = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** The first nine bytes of a frame. */
export interface FrameHead {
  length: number;
  readonly type: number;
  flags: number;
  readonly streamId: number;
}

export const readUint16 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 8) | (bytes[at + 1] as number);

export const readUint32 = (bytes: Uint8Array, at: number): number =>
  readUint16(bytes, at) * 0x10000 + readUint16(bytes, at + 2);

/** A stream's number: the first bit is reserved. */
export const readStreamId = (bytes: Uint8Array, at: number): number => readUint32(bytes, at) & 0x7fffffff;

export function readHead(bytes: Uint8Array, at: number): FrameHead {
  return {
    length: readUint16(bytes, at) * 0x100 + (bytes[at + 2] as number),
    type: bytes[at + 3] as number,
    flags: bytes[at + 4] as number,
    streamId: readStreamId(bytes, at + 5),
  };
}

export function writeUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  writeUint16(bytes, at, value >>> 16);
  writeUint16(bytes, at + 2, value & 0xffff);
}

export function writeHead(bytes: Uint8Array, at: number, { length, type, flags, streamId }: FrameHead): void {
  bytes[at] = length >>> 16;
  writeUint16(bytes, at + 1, length & 0xffff);
  bytes[at + 3] = type;
  bytes[at + 4] = flags;
  writeUint32(bytes, at + 5, streamId);
}

/** A whole frame. */
export function makeFrame(type: number, flags: number, streamId: number, payload: Uint8Array): Uint8Array {
  const length = typedArrayByteLength(payload);
  const frame = new Bytes(HEAD_SIZE + length);
  writeHead(frame, 0, { length, type, flags, streamId });
  TypedArrayProto.set(frame, payload, HEAD_SIZE);
  return frame;
}

/** A payload of numbers of 32 bits, followed by bytes. */
export function numbersPayload(numbers: readonly number[], rest?: Uint8Array): Uint8Array<ArrayBuffer> {
  const size = numbers.length * 4;
  const payload = new Bytes(size + (rest ? typedArrayByteLength(rest) : 0));
  for (let i = 0; i < numbers.length; i++) writeUint32(payload, i * 4, numbers[i] as number);
  if (rest) TypedArrayProto.set(payload, rest, size);
  return payload;
}
