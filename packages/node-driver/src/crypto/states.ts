import { SyscallFailure } from "@vivarium/core/errors";
import { overCap } from "./failure.ts";

/** What the host keeps of one run between calls, under numbers that are never used twice. */
export class States<T> {
  readonly #states = new Map<number, T>();
  readonly #most: number;
  readonly #what: string;
  #last = 0;

  /** @param what they are and how a program ends them, for the error when there are too many */
  constructor(most: number, what: { readonly plural: string; readonly cure: string }) {
    this.#most = most;
    this.#what = `${most} ${what.plural} at once, which is the cap; ${what.cure}`;
  }

  get size(): number {
    return this.#states.size;
  }

  /** @throws SyscallFailure ERR_SANDBOX_BUDGET_EXCEEDED when too many are open; nothing is made then */
  open(make: () => T): number {
    if (this.#states.size >= this.#most) throw overCap(this.#what);
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
