import { SyscallFailure } from "../../errors/failure.ts";
import { overBudget } from "./over-budget.ts";

/** Counts the bytes that pass between one run and the outside, both ways together. */
export class Traffic {
  readonly #most: number;
  #used = 0;
  /** Gets back what is counted and not used, where that is too much. */
  recall: () => void = () => undefined;

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
    if (this.hasRoom(0)) return;
    this.recall();
    if (this.hasRoom(0)) return;
    throw new SyscallFailure("ENOBUFS", overBudget("networkBytes", this.#most));
  }

  /** Whether so many more could pass. */
  hasRoom(bytes: number): boolean {
    return this.#most === 0 || this.#used + bytes <= this.#most;
  }

  /** Some that were counted did not leave. */
  giveBack(bytes: number): void {
    this.#used -= bytes;
  }
}
