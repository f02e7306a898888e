import { MAX_CRYPTO_STATES } from "@vivarium/bridge/contract";
import { SyscallFailure } from "@vivarium/core/errors";
import { overCap } from "./failure.ts";

/** What the host keeps of one run between calls, under numbers that are never used twice. */
export class States<T> {
  readonly #states = new Map<number, T>();
  #last = 0;

  get size(): number {
    return this.#states.size;
  }

  /** @throws SyscallFailure ERR_SANDBOX_BUDGET_EXCEEDED when too many are open; nothing is made then */
  open(make: () => T): number {
    if (this.#states.size >= MAX_CRYPTO_STATES) {
      throw overCap(
        `${MAX_CRYPTO_STATES} digests, MACs and ciphers are open at once, which is the cap; end them with digest() or final()`,
      );
    }
    const state = make();
    this.#last += 1;
    this.#states.set(this.#last, state);
    return this.#last;
  }

  /** @throws SyscallFailure EBADF for an id that is not open */
  get(id: number): T {
    const state = this.#states.get(id);
    if (state === undefined) throw new SyscallFailure("EBADF");
    return state;
  }

  /** The state, which is closed with this. */
  take(id: number): T {
    const state = this.get(id);
    this.#states.delete(id);
    return state;
  }

  close(id: number): void {
    this.#states.delete(id);
  }

  clear(): void {
    this.#states.clear();
  }
}
