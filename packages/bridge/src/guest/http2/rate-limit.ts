import { mathMin } from "../primordials.ts";

/** So many at once, and so many more each second. */
export class RateLimit {
  readonly #burst: number;
  readonly #rate: number;
  #left: number;
  /** Second at which it was last filled up. */
  #filledAt = 0;

  constructor(burst: number, rate: number) {
    this.#burst = burst;
    this.#rate = rate;
    this.#left = burst;
  }

  /**
   * @param second whole seconds of any clock that does not go back
   * @returns whether one more is within the limit
   */
  take(second: number): boolean {
    if (second !== this.#filledAt) {
      const passed = second > this.#filledAt ? second - this.#filledAt : 1;
      this.#filledAt = second;
      const filled = this.#left + passed * this.#rate;
      this.#left = mathMin(filled, this.#burst);
    }
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
