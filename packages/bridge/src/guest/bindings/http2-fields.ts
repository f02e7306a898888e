import { Bytes } from "../lib/intrinsics.ts";

/** Bits of the first byte. */
export const FieldBit = {
  remoteSettingsListeners: 0,
  remoteSettingsUpToDate: 1,
  pingListeners: 2,
  altsvcListeners: 3,
} as const;

const BITFIELD = 0;
const MAX_INVALID_FRAMES = 4;
const MAX_REJECTED_STREAMS = 8;
const SIZE = 12;
const DEFAULT_MAX_INVALID_FRAMES = 1000;
const DEFAULT_MAX_REJECTED_STREAMS = 100;

/** The memory a session shares with the library: bits, counts of listeners, two limits (`SessionJSFields`). */
export class SessionFields {
  readonly bytes = new Bytes(SIZE);

  constructor() {
    this.#write(MAX_INVALID_FRAMES, DEFAULT_MAX_INVALID_FRAMES);
    this.#write(MAX_REJECTED_STREAMS, DEFAULT_MAX_REJECTED_STREAMS);
  }

  has(bit: number): boolean {
    return ((this.bytes[BITFIELD] as number) & (1 << bit)) !== 0;
  }

  clear(bit: number): void {
    this.bytes[BITFIELD] = (this.bytes[BITFIELD] as number) & ~(1 << bit);
  }

  get maxInvalidFrames(): number {
    return this.#read(MAX_INVALID_FRAMES);
  }

  get maxRejectedStreams(): number {
    return this.#read(MAX_REJECTED_STREAMS);
  }

  // The library writes through a Uint32Array: in the machine's order, little-endian wherever Node 22 runs.
  #write(at: number, value: number): void {
    for (let i = 0; i < 4; i++) this.bytes[at + i] = value >>> (8 * i);
  }

  #read(at: number): number {
    let value = 0;
    for (let i = 3; i >= 0; i--) value = value * 256 + (this.bytes[at + i] as number);
    return value;
  }
}
