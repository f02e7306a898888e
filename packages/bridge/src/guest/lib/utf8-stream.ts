import { StringProto, TypedArrayProto } from "../primordials.ts";
import { part } from "./bytes.ts";
import { Bytes } from "./intrinsics.ts";
import { utf8Decode } from "./utf8.ts";

const BOM = 0xfeff;

/** Bytes at the end that begin a character which is not complete yet: 0 to 3. */
function unfinished(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back] as number;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const size =
      byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 && byte < 0xe0 ? 2 : 1;
    if (back >= size) return 0;
    // A second byte that cannot follow this lead has already broken the character.
    const second = back > 1 ? (bytes[length - back + 1] as number) : 0x80;
    const low = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
    const high = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
    return back === 1 || (second >= low && second <= high) ? back : 0;
  }
  return 0;
}

/** A streaming UTF-8 decoder (https://encoding.spec.whatwg.org/#utf-8-decoder). */
export class Utf8Stream {
  readonly #fatal: boolean;
  readonly #keepBom: boolean;
  #rest: Uint8Array = new Bytes(0);
  #started = false;

  constructor(fatal: boolean, keepBom: boolean) {
    this.#fatal = fatal;
    this.#keepBom = keepBom;
  }

  /** Decodes a piece; `flush` ends the text. Gives undefined where a fatal decoder meets broken input. */
  decode(piece: Uint8Array, flush: boolean): string | undefined {
    let bytes = piece;
    if (this.#rest.length > 0) {
      bytes = new Bytes(this.#rest.length + piece.length);
      TypedArrayProto.set(bytes, this.#rest);
      TypedArrayProto.set(bytes, piece, this.#rest.length);
    }
    const held = flush ? 0 : unfinished(bytes);
    const end = bytes.length - held;
    const kept = new Bytes(held);
    if (held > 0) TypedArrayProto.set(kept, part(bytes, end, bytes.length));
    this.#rest = kept;
    let text = this.#fatal ? utf8Decode(bytes, 0, end, true) : utf8Decode(bytes, 0, end);
    if (text === undefined) {
      this.#rest = new Bytes(0);
      this.#started = false;
      return undefined;
    }
    if (!this.#started && text.length > 0) {
      this.#started = true;
      if (!this.#keepBom && StringProto.charCodeAt(text, 0) === BOM) text = StringProto.slice(text, 1);
    }
    if (flush) this.#started = false;
    return text;
  }
}
