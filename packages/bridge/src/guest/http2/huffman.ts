import { part } from "../lib/bytes.ts";
import { Bytes, Ints } from "../lib/intrinsics.ts";
import { mathMin, mathTrunc, StringProto } from "../primordials.ts";

/**
 * Bits of each symbol's code in base 36; the last is the end of a string (RFC 7541 appendix B). The code is canonical:
 * of the lengths follow the codes.
 */
const LENGTHS =
  "dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6cad67777777777777777777777878djde6f565" +
  "65666577666567655677777fbedskmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmnqqkjmnmp" +
  "qqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrqu";
const SYMBOLS = 257;
const END = 256;
const MAX_BITS = 30;

/** The code, in the order of its words: by length, then by symbol. */
interface Code {
  /** Of each symbol. */
  readonly words: Int32Array;
  readonly lengths: Uint8Array;
  /** Of each length: the first word, its place in `symbols`, how many there are. */
  readonly first: Int32Array;
  readonly place: Int32Array;
  readonly count: Int32Array;
  readonly symbols: Int32Array;
}

let code: Code | undefined;

function makeCode(): Code {
  const made: Code = {
    words: new Ints(SYMBOLS),
    lengths: new Bytes(SYMBOLS),
    first: new Ints(MAX_BITS + 1),
    place: new Ints(MAX_BITS + 1),
    count: new Ints(MAX_BITS + 1),
    symbols: new Ints(SYMBOLS),
  };
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    const digit = StringProto.charCodeAt(LENGTHS, symbol);
    made.lengths[symbol] = digit < 0x3a ? digit - 0x30 : digit - 0x57;
  }
  let word = 0;
  let place = 0;
  for (let bits = 1; bits <= MAX_BITS; bits++) {
    word *= 2;
    made.first[bits] = word;
    made.place[bits] = place;
    for (let symbol = 0; symbol < SYMBOLS; symbol++) {
      if (made.lengths[symbol] !== bits) continue;
      made.words[symbol] = word++;
      made.symbols[place++] = symbol;
    }
    made.count[bits] = place - (made.place[bits] as number);
  }
  return made;
}

const theCode = (): Code => {
  code ??= makeCode();
  return code;
};

/** Bytes a string of one character a byte takes in Huffman's code. */
export function huffmanSize(text: string): number {
  const { lengths } = theCode();
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits += lengths[StringProto.charCodeAt(text, i) & 0xff] as number;
  return (bits + 7) >>> 3;
}

/** Writes `huffmanSize(text)` bytes. */
export function huffmanEncode(text: string, into: Uint8Array, offset: number): void {
  const { words, lengths } = theCode();
  let at = offset;
  let held = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const symbol = StringProto.charCodeAt(text, i) & 0xff;
    const word = words[symbol] as number;
    let left = lengths[symbol] as number;
    // At most seven bits are held, so a byte at a time never overflows.
    while (left > 0) {
      const room = 8 - bits;
      const taken = mathMin(left, room);
      held = (held << taken) | ((word >>> (left - taken)) & ((1 << taken) - 1));
      bits += taken;
      left -= taken;
      if (bits < 8) continue;
      into[at++] = held;
      held = 0;
      bits = 0;
    }
  }
  // The rest is the beginning of the end symbol: ones.
  if (bits > 0) into[at] = (held << (8 - bits)) | ((1 << (8 - bits)) - 1);
}

/** Shortest code, bits. */
const MIN_BITS = 5;

/** @returns the decoded bytes; nothing where they are no string of the code (RFC 7541 section 5.2) */
export function huffmanDecode(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
  const { first, place, count, symbols } = theCode();
  const out = new Bytes(mathTrunc(((end - start) * 8) / MIN_BITS));
  let size = 0;
  let word = 0;
  let bits = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    for (let bit = 7; bit >= 0; bit--) {
      word = (word << 1) | ((byte >>> bit) & 1);
      bits++;
      const index = word - (first[bits] as number);
      if (index >= (count[bits] as number) || index < 0) {
        if (bits === MAX_BITS) return undefined;
        continue;
      }
      const symbol = symbols[(place[bits] as number) + index] as number;
      if (symbol === END) return undefined;
      out[size++] = symbol;
      word = 0;
      bits = 0;
    }
  }
  // What is left pads the last byte, with ones.
  if (bits > 7 || word !== (1 << bits) - 1) return undefined;
  return part(out, 0, size);
}
