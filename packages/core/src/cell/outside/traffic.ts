import { SyscallFailure } from "../../errors/failure.ts";
import { overBudget } from "./over-budget.ts";

/** Counts the bytes that pass between one run and the outside, both ways together. */
export class Traffic {
  readonly #most: number;
  #used = 0;

  /** @param most `limits.networkBytes`; 0: any */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Counts bytes: those that are to leave before they do, those that came before anybody gets them. A budget that is used
   * up stays so.
   * @throws SyscallFailure ENOBUFS
   */
  take(bytes: number): void {
    this.#used += bytes;
    if (this.#most === 0 || this.#used <= this.#most) return;
    throw new SyscallFailure("ENOBUFS", overBudget("networkBytes", this.#most));
  }

  /** Some that were counted did not leave. */
  giveBack(bytes: number): void {
    this.#used -= bytes;
  }
}
