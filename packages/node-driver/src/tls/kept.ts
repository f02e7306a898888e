import { SyscallFailure } from "@vivarium/core/errors";
import { overCap } from "../crypto/failure.ts";

/** What the host keeps of one kind for one run, under numbers that are never used twice. */
export class Kept<T extends Disposable> {
  readonly #open = new Map<number, T>();
  readonly #most: number;
  readonly #kind: string;
  #last = 0;

  /** @param kind what they are, in the plural */
  constructor(most: number, kind: string) {
    this.#most = most;
    this.#kind = kind;
  }

  /** @throws SyscallFailure ERR_SANDBOX_BUDGET_EXCEEDED when too many are open; nothing is made then */
  open(make: (id: number) => T): number {
    if (this.#open.size >= this.#most) {
      throw overCap(`${this.#most} ${this.#kind} are open at once, which is the cap; close some of them`);
    }
    const id = this.#last + 1;
    const made = make(id);
    this.#last = id;
    this.#open.set(id, made);
    return id;
  }

  /** @throws SyscallFailure EBADF for a number that is not open */
  get(id: number): T {
    const found = this.#open.get(id);
    if (found === undefined) throw new SyscallFailure("EBADF");
    return found;
  }

  /** Numbers that are not open are ignored. */
  close(id: number): void {
    const found = this.#open.get(id);
    this.#open.delete(id);
    found?.[Symbol.dispose]();
  }

  clear(): void {
    for (const id of [...this.#open.keys()]) this.close(id);
  }
}
