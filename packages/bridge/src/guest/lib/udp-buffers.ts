import { mathMax, mathMin } from "../primordials.ts";

/** Linux's net.core.rmem_default and wmem_default, and as much as their _max lets a program ask for, bytes. */
const DEFAULT_SIZE = 212_992;
const MOST_ASKED = 212_992;
/** What Linux gives at least (SOCK_MIN_RCVBUF, SOCK_MIN_SNDBUF), bytes. */
const LEAST = { receive: 2304, send: 4608 } as const;
const MAX_INT = 2 ** 31 - 1;

export type BufferKind = keyof typeof LEAST;

/** What a socket says about the sizes of its buffers. Linux gives twice what is asked for, as room for its own records. */
export class BufferSizes {
  readonly #sizes = { receive: DEFAULT_SIZE, send: DEFAULT_SIZE };

  /** @param size 0 asks -> the size, or nothing where it is no size */
  setOrGet(kind: BufferKind, size: number): number | undefined {
    if (size < 0 || size > MAX_INT) return undefined;
    if (size > 0) this.#sizes[kind] = mathMax(LEAST[kind], mathMin(size, MOST_ASKED) * 2);
    return this.#sizes[kind];
  }
}
