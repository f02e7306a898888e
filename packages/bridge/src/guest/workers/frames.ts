import { asOne, exactCopy, part } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { mathMin, TypedArrayProto, typedArrayByteLength } from "../primordials.ts";

/** What a frame is about. */
export const Kind = {
  /** A message for a port. */
  message: 1,
  /** The port's other end is closed. */
  close: 2,
  /** A message for everybody who listens to a name. */
  broadcast: 3,
  /** The process's working directory changed. */
  cwd: 4,
  /** A figure the other thread is asked for, and its answer; the number is the question's. */
  query: 5,
  answer: 6,
  /** Nothing more goes to this port from the side it comes back to; said again, nothing more comes. */
  over: 7,
} as const;

const MiB = 1024 * 1024;
/** Most bytes of one frame. */
export const MAX_FRAME_BYTES = 64 * MiB;
/** Bytes of the payload, number of the port, kind. */
const HEADER_BYTES = 9;

export interface Frame {
  readonly port: number;
  readonly kind: number;
  readonly payload: Uint8Array;
}

function putNumber(target: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) target[at + i] = (value >>> (8 * i)) & 0xff;
}

function numberAt(source: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 3; i >= 0; i--) value = value * 256 + (source[at + i] as number);
  return value;
}

/** A frame's bytes. */
export function encodeFrame(port: number, kind: number, payload: Uint8Array): Uint8Array {
  const size = typedArrayByteLength(payload);
  const frame = new Bytes(HEADER_BYTES + size);
  putNumber(frame, 0, size);
  putNumber(frame, 4, port);
  frame[8] = kind;
  TypedArrayProto.set(frame, payload, HEADER_BYTES);
  return frame;
}

/** Finds the frames in what arrives. Nothing is allocated on the word of a length. */
export class FrameReader {
  readonly #take: (frame: Frame) => void;
  readonly #header = new Bytes(HEADER_BYTES);
  #headerBytes = 0;
  #pieces: Uint8Array[] = [];
  #missing = 0;

  constructor(take: (frame: Frame) => void) {
    this.#take = take;
  }

  /** @returns whether these were frames so far; after the first that is none, nothing is read */
  push(bytes: Uint8Array): boolean {
    const size = typedArrayByteLength(bytes);
    let at = 0;
    while (at < size) {
      if (this.#headerBytes < HEADER_BYTES) {
        this.#header[this.#headerBytes++] = bytes[at++] as number;
        if (this.#headerBytes < HEADER_BYTES) continue;
        this.#missing = numberAt(this.#header, 0);
        if (this.#missing > MAX_FRAME_BYTES) return false;
      } else {
        const taken = mathMin(this.#missing, size - at);
        append(this.#pieces, exactCopy(bytes, at, at + taken));
        this.#missing -= taken;
        at += taken;
      }
      if (this.#missing === 0) this.#finish();
    }
    return true;
  }

  #finish(): void {
    const payload = asOne(this.#pieces);
    this.#pieces = [];
    this.#headerBytes = 0;
    this.#take({ port: numberAt(this.#header, 4), kind: this.#header[8] as number, payload });
  }
}

/** Bytes in pieces of at most so many. */
export function pieces(bytes: Uint8Array, most: number): Uint8Array[] {
  const list: Uint8Array[] = [];
  const size = typedArrayByteLength(bytes);
  for (let at = 0; at < size; at += most) append(list, part(bytes, at, mathMin(at + most, size)));
  return list;
}
