import { Ints } from "./intrinsics.ts";

/** Where a parser (`llhttp_t`) keeps what is read here, in words of four bytes; the length's higher half follows the lower. */
const Field = { error: 3, contentLength: 8 } as const;

const HIGH = 2 ** 32;

/** The memory of all parsers, in words. */
export type WordsOf = () => Int32Array;

/**
 * How much of a body one parser still expects. What lies wholly within is counted here as llhttp would count it, which
 * then needs not be shown the bytes.
 */
export class ExpectedBody {
  readonly #words: WordsOf;
  readonly #parser: number;
  /** llhttp's last call ended within a body whose length is counted. */
  #isWithin = false;
  #before = 0;
  #told = 0;

  constructor(words: WordsOf, parser: number) {
    this.#words = words;
    this.#parser = parser / Ints.BYTES_PER_ELEMENT;
  }

  #left(): number {
    const words = this.#words();
    const at = this.#parser + Field.contentLength;
    return ((words[at + 1] as number) >>> 0) * HIGH + ((words[at] as number) >>> 0);
  }

  /** llhttp is about to be called. @param isInBody a body has begun before */
  begin(isInBody: boolean): void {
    this.#isWithin = false;
    this.#told = 0;
    this.#before = isInBody ? this.#left() : 0;
  }

  /** llhttp told so many bytes of a body. */
  told(size: number): void {
    this.#told += size;
  }

  /**
   * The call is over. That it read nothing but body and took all of it off the length shows what the next one would do:
   * a body that ends with the connection has no length, whatever the headers say.
   */
  end(errno: number, size: number): void {
    if (errno !== 0 || this.#told !== size || this.#before <= size) return;
    this.#isWithin = this.#before - this.#left() === size;
  }

  /** Whether so many bytes are body and not the end of it; then they count as read. */
  take(size: number): boolean {
    if (!this.#isWithin) return false;
    const words = this.#words();
    const left = this.#left();
    // Paused, or broken.
    if (words[this.#parser + Field.error] !== 0 || size === 0 || size >= left) return false;
    const at = this.#parser + Field.contentLength;
    const rest = left - size;
    words[at] = rest;
    words[at + 1] = rest / HIGH;
    return true;
  }
}
