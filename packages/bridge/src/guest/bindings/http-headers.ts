import { append } from "../lib/define.ts";
import { StringProto } from "../primordials.ts";

/** Pairs that are collected before they are handed out (`kMaxHeaderFieldsCount` of src/node_http_parser.cc). */
const MOST_PAIRS = 32;
const SPACE = 32;
const TAB = 9;

/** Without the white space a header's value may end with (RFC 9110, 5.5). */
function trimmed(text: string): string {
  let end = text.length;
  while (end > 0) {
    const code = StringProto.charCodeAt(text, end - 1);
    if (code !== SPACE && code !== TAB) break;
    end--;
  }
  return end === text.length ? text : StringProto.slice(text, 0, end);
}

/** Header names and values as they come in, in pieces. */
export class HeaderPairs {
  #names: string[] = [];
  #values: string[] = [];

  get isEmpty(): boolean {
    return this.#names.length === 0;
  }

  /** The next piece of a name begins one. */
  get isComplete(): boolean {
    return this.#names.length === this.#values.length;
  }

  /** @param full runs where there is no room for one more pair; it takes what is there */
  name(piece: string, full: () => void): void {
    const last = this.#names.length - 1;
    if (!this.isComplete) {
      this.#names[last] += piece;
      return;
    }
    if (this.#names.length === MOST_PAIRS - 1) full();
    append(this.#names, piece);
  }

  value(piece: string): void {
    if (this.isComplete) this.#values[this.#values.length - 1] += piece;
    else append(this.#values, piece);
  }

  /** name, value, name, ... and none is left */
  take(): string[] {
    const list: string[] = [];
    for (let i = 0; i < this.#names.length; i++) {
      append(list, this.#names[i] as string);
      append(list, trimmed(this.#values[i] ?? ""));
    }
    this.clear();
    return list;
  }

  clear(): void {
    this.#names = [];
    this.#values = [];
  }
}
