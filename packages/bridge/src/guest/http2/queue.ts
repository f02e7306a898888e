import { append } from "../lib/define.ts";
import { ArrayProto } from "../primordials.ts";

/** Items taken before the list is moved. */
const MAX_GAP = 64;

/** First in, first out, without moving the rest each time. */
export class Queue<T> {
  #items: (T | undefined)[] = [];
  #first = 0;

  get size(): number {
    return this.#items.length - this.#first;
  }

  get first(): T | undefined {
    return this.#items[this.#first];
  }

  push(item: T): void {
    append(this.#items, item);
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#first];
    this.#items[this.#first++] = undefined;
    if (this.size === 0 || this.#first > MAX_GAP) {
      this.#items = ArrayProto.slice(this.#items, this.#first) as (T | undefined)[];
      this.#first = 0;
    }
    return item;
  }

  /** The first item that is the one looked for. */
  find(matches: (item: T) => boolean): T | undefined {
    for (let i = this.#first; i < this.#items.length; i++) {
      const item = this.#items[i] as T;
      if (matches(item)) return item;
    }
    return undefined;
  }
}
