import { type Field, fieldSize } from "../http2/hpack-table.ts";
import { append } from "../lib/define.ts";
import { mathMin } from "../primordials.ts";
import type { SessionCore } from "./http2-session-core.ts";

const MAX_HEADER_LIST = 16777215;

/** The block of fields a stream is reading, and what fields count for `maxSessionMemory`. */
export class StreamHeaders {
  readonly #session: SessionCore;
  #fields: Field[] = [];
  /** What the block being read counts for, and what those before do, bytes. */
  #current = 0;
  #kept = 0;
  /** Longest block, as it was said when the stream began. */
  readonly #longest: number;

  constructor(session: SessionCore) {
    this.#session = session;
    this.#longest = mathMin(session.connection.settings.local.maxHeaderListSize, MAX_HEADER_LIST);
  }

  /** Bytes all blocks count for. */
  get size(): number {
    return this.#current + this.#kept;
  }

  /** Forgets the block that is being read. */
  drop(): void {
    this.#session.addMemory(-this.#current);
    this.#current = 0;
    this.#fields = [];
  }

  /** -> whether it is within the limits */
  add(field: Field): boolean {
    const session = this.#session;
    const size = fieldSize(field.name, field.value);
    const fits =
      session.hasMemory(size) &&
      this.#fields.length < session.limits.maxHeaderPairs &&
      this.#current + size <= this.#longest;
    if (!fits) return false;
    append(this.#fields, field);
    this.#current += size;
    session.addMemory(size);
    return true;
  }

  /** Names and values by turns, and the names of those that are nobody's business. */
  take(): { readonly pairs: string[]; readonly sensitive: string[] } {
    const pairs: string[] = [];
    const sensitive: string[] = [];
    for (let i = 0; i < this.#fields.length; i++) {
      const field = this.#fields[i] as Field;
      append(pairs, field.name);
      append(pairs, field.value);
      if (field.sensitive) append(sensitive, field.name);
    }
    this.#fields = [];
    // They live on in the library's objects.
    this.#kept += this.#current;
    this.#current = 0;
    return { pairs, sensitive };
  }
}
