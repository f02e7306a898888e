import { part } from "../lib/bytes.ts";
import { latin1Decode } from "../lib/latin1.ts";
import { mathMin, TypedArrayProto, typedArrayByteLength } from "../primordials.ts";
import { ByteWriter } from "./byte-writer.ts";
import { type Field, FieldTable } from "./hpack-table.ts";
import { huffmanDecode } from "./huffman.ts";

/** Longest text of a field as it is sent, bytes (nghttp2's limit). */
const MAX_TEXT = 65536;
const DEFAULT_LIMIT = 4096;
const MAX_SHIFT = 28;

/** What reading ended with when there is no value: the block goes on, or is broken. */
const MORE = -1;
const BROKEN = -2;

/** Reads blocks of header fields as they come in (RFC 7541). After an error nothing is read any more. */
export class FieldDecoder {
  readonly #table = new FieldTable(DEFAULT_LIMIT, false);
  /** What this side said: the largest limit the other may set. */
  #allowed = DEFAULT_LIMIT;
  /** The smallest it said since the other side last followed. */
  #smallest = Number.POSITIVE_INFINITY;
  /** The next block has to begin with a new limit. */
  #mustResize = false;
  /** No field of this block has been read. */
  #isAtStart = true;
  /** Part of a field that is not there whole. */
  #rest: Uint8Array | undefined;
  #isBroken = false;
  #bytes: Uint8Array = new ByteWriter(0).written();
  #at = 0;
  #end = 0;

  get tableSize(): number {
    return this.#table.size;
  }

  /** This side has said how large a table it keeps, and the other side knows. */
  resize(limit: number): void {
    this.#allowed = limit;
    if (this.#table.limit <= limit) return;
    this.#mustResize = true;
    this.#smallest = limit;
    this.#table.resize(limit);
  }

  /** Part of a block was left out: what follows cannot be understood. */
  giveUp(): void {
    this.#isBroken = true;
  }

  /**
   * Reads the next bytes of a block.
   * @param isFinal the block ends with them
   * @param tell hears of each field as soon as it is there
   * @returns false where they are no such block
   */
  decode(bytes: Uint8Array, isFinal: boolean, tell: (field: Field) => void): boolean {
    if (this.#isBroken) return false;
    this.#bytes = this.#join(bytes);
    this.#at = 0;
    this.#end = typedArrayByteLength(this.#bytes);
    while (this.#at < this.#end) {
      const from = this.#at;
      const done = this.#step(tell);
      if (done === BROKEN || (done === MORE && isFinal)) return this.#fail();
      if (done === MORE) {
        this.#rest = TypedArrayProto.slice(this.#bytes, from, this.#end);
        return true;
      }
    }
    if (!isFinal) return true;
    // A block that was to begin with a new limit and is empty.
    this.#isAtStart = true;
    return true;
  }

  #fail(): false {
    this.#isBroken = true;
    this.#rest = undefined;
    return false;
  }

  #join(bytes: Uint8Array): Uint8Array {
    const rest = this.#rest;
    if (!rest) return bytes;
    this.#rest = undefined;
    const joined = new ByteWriter(typedArrayByteLength(rest) + typedArrayByteLength(bytes));
    joined.bytes(rest);
    joined.bytes(bytes);
    return joined.written();
  }

  /** Reads one field or one new limit. */
  #step(tell: (field: Field) => void): number {
    const first = this.#bytes[this.#at] as number;
    const isResize = (first & 0xe0) === 0x20;
    if (this.#mustResize && !isResize) return BROKEN;
    if (isResize) return this.#isAtStart ? this.#readLimit() : BROKEN;
    const done = first & 0x80 ? this.#readIndexed(tell) : this.#readLiteral(first, tell);
    if (done >= 0) this.#isAtStart = false;
    return done;
  }

  #readLimit(): number {
    const limit = this.#readInteger(5, mathMin(this.#smallest, this.#allowed));
    if (limit < 0) return limit;
    this.#smallest = Number.POSITIVE_INFINITY;
    this.#mustResize = false;
    this.#table.resize(limit);
    return 0;
  }

  #readIndexed(tell: (field: Field) => void): number {
    const index = this.#readInteger(7, this.#table.count);
    if (index <= 0) return index === 0 ? BROKEN : index;
    const { name, value } = this.#table.at(index);
    tell({ name, value, sensitive: false });
    return 0;
  }

  #readLiteral(first: number, tell: (field: Field) => void): number {
    const isIndexed = (first & 0x40) !== 0;
    const index = this.#readInteger(isIndexed ? 6 : 4, this.#table.count);
    if (index < 0) return index;
    const name = index === 0 ? this.#readText() : this.#table.at(index).name;
    if (typeof name === "number") return name;
    const value = this.#readText();
    if (typeof value === "number") return value;
    if (isIndexed) this.#table.add(name, value);
    tell({ name, value, sensitive: (first & 0xf0) === 0x10 });
    return 0;
  }

  /** An integer up to `most` (RFC 7541 section 5.1). */
  #readInteger(prefix: number, most: number): number {
    if (this.#at >= this.#end) return MORE;
    const mask = (1 << prefix) - 1;
    let value = (this.#bytes[this.#at++] as number) & mask;
    if (value < mask) return value > most ? BROKEN : value;
    for (let shift = 0; ; shift += 7) {
      if (this.#at >= this.#end) return MORE;
      const byte = this.#bytes[this.#at++] as number;
      if (shift > MAX_SHIFT) return BROKEN;
      value += (byte & 0x7f) * 2 ** shift;
      if (value > most) return BROKEN;
      if ((byte & 0x80) === 0) return value;
    }
  }

  #readText(): string | number {
    if (this.#at >= this.#end) return MORE;
    const isPacked = ((this.#bytes[this.#at] as number) & 0x80) !== 0;
    const size = this.#readInteger(7, MAX_TEXT);
    if (size < 0) return size;
    const from = this.#at;
    if (this.#end - from < size) return MORE;
    this.#at += size;
    if (!isPacked) return latin1Decode(this.#bytes, from, this.#at);
    const unpacked = huffmanDecode(part(this.#bytes, 0, this.#end), from, this.#at);
    return unpacked ? latin1Decode(unpacked, 0, typedArrayByteLength(unpacked)) : BROKEN;
  }
}
