import { StringProto } from "../primordials.ts";
import { latin1Decode } from "./latin1.ts";
import { nativeText } from "./native-text.ts";

/** Bytes up to which a whole input is made a text, of which pieces are slices: each of those keeps all of it alive. */
const MOST_SLICED = 1024;

/** What one call has a parser read: bytes at a place of the parsers' memory. */
export class Input<State> {
  readonly parser: number;
  readonly state: State;
  readonly #at: number;
  readonly #size: number;
  #text: string | undefined;

  constructor(parser: number, state: State, at: number, size: number) {
    this.parser = parser;
    this.state = state;
    this.#at = at;
    this.#size = size;
  }

  /** Part of it as text, one character a byte. One call decodes what a dozen small ones would take longer for. */
  text(memory: Uint8Array, at: number, size: number): string {
    if (this.#size > MOST_SLICED) return decode(memory, at, size);
    this.#text ??= decode(memory, this.#at, this.#size);
    return StringProto.slice(this.#text, at - this.#at, at - this.#at + size);
  }
}

/** No array of WebAssembly's lies in V8's heap: the helper is quicker at any size. */
const decode = (memory: Uint8Array, at: number, size: number): string =>
  nativeText?.latin1Decode(memory, at, at + size) ?? latin1Decode(memory, at, at + size);
