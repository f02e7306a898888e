import { Bytes, View } from "../lib/intrinsics.ts";
import { DataViewProto, TypedArrayProto, typedArrayByteLength } from "../primordials.ts";
import { fail } from "./errno.ts";

/**
 * The memory of a WebAssembly program as it is during one call. Pointers and lengths are the program's: `check` comes
 * before anything is read or written, all numbers are little-endian.
 */
export class ProgramMemory {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #buffer: ArrayBufferLike;
  readonly size: number;

  constructor(buffer: ArrayBufferLike) {
    this.#buffer = buffer;
    this.#bytes = new Bytes(buffer);
    this.#view = new View(buffer);
    this.size = typedArrayByteLength(this.#bytes);
  }

  /** @throws EOVERFLOW for what is not wholly inside; nothing at the very end is not inside either */
  check(pointer: number, size: number): void {
    if (pointer >= this.size || size > this.size - pointer) fail("EOVERFLOW");
  }

  u8(at: number): number {
    return DataViewProto.getUint8(this.#view, at);
  }

  u16(at: number): number {
    return DataViewProto.getUint16(this.#view, at, true);
  }

  u32(at: number): number {
    return DataViewProto.getUint32(this.#view, at, true);
  }

  u64(at: number): bigint {
    return DataViewProto.getBigUint64(this.#view, at, true);
  }

  setU8(at: number, value: number): void {
    DataViewProto.setUint8(this.#view, at, value);
  }

  setU16(at: number, value: number): void {
    DataViewProto.setUint16(this.#view, at, value, true);
  }

  setU32(at: number, value: number): void {
    DataViewProto.setUint32(this.#view, at, value, true);
  }

  setU64(at: number, value: bigint): void {
    DataViewProto.setBigUint64(this.#view, at, value, true);
  }

  /** A window on checked bytes. */
  part(pointer: number, size: number): Uint8Array {
    return new Bytes(this.#buffer, pointer, size);
  }

  /** Copies bytes to a checked place. */
  write(pointer: number, bytes: Uint8Array): void {
    TypedArrayProto.set(this.#bytes, bytes, pointer);
  }
}

/** A list of buffers in memory (`iovec`, `ciovec`): a pointer and a length each. */
export class Buffers {
  readonly memory: ProgramMemory;
  readonly count: number;
  readonly #pointer: number;

  /** @throws EOVERFLOW when the list, or one of its buffers, is not wholly in memory */
  constructor(memory: ProgramMemory, pointer: number, count: number) {
    this.memory = memory;
    this.count = count;
    this.#pointer = pointer;
    memory.check(pointer, count * 8);
  }

  /** Checks every buffer; apart from the list's own check because other arguments are looked at between. */
  checkEach(): this {
    for (let i = 0; i < this.count; i++) this.memory.check(this.#at(i), this.length(i));
    return this;
  }

  #at(index: number): number {
    return this.memory.u32(this.#pointer + index * 8);
  }

  length(index: number): number {
    return this.memory.u32(this.#pointer + index * 8 + 4);
  }

  /** The bytes of one buffer. */
  part(index: number): Uint8Array {
    return this.memory.part(this.#at(index), this.length(index));
  }
}
