import { SyscallFailure } from "../errors/failure.ts";
import type { Budget } from "../limits/index.ts";

/** Calls that may wait for somebody else at once: more than a run has streams. */
const MOST_WAITING = 16_384;

/** Tells the guest how a call ended: with a result, or with what goes over the wire of a failure. */
type Deliver = (token: number, failed: boolean, payload: unknown) => void;

/** The asynchronous syscalls of one run that are under way. */
export class LaterCalls {
  readonly #budget: Budget;
  readonly #deliver: Deliver;
  #waiting = 0;

  constructor(budget: Budget, deliver: Deliver) {
    this.#budget = budget;
    this.#deliver = deliver;
  }

  /**
   * Begins one, if there is room for one more.
   * @param waits it waits for somebody else (`Declaration.waits`): it has a bound of its own, and not that of the budget
   * @throws SyscallFailure where there is no room; it has not begun then
   */
  start(token: number, begin: () => Promise<unknown>, waits: boolean): void {
    if (!waits) this.#budget.inFlight(1);
    else if (this.#waiting >= MOST_WAITING) throw new SyscallFailure("EAGAIN");
    else this.#waiting += 1;
    const settle: Deliver = (...answer) => {
      if (waits) this.#waiting -= 1;
      else this.#budget.inFlight(-1);
      this.#deliver(...answer);
    };
    // What somebody else has to say comes once a round of the loop, as to libuv: of a server's connections one.
    const answer: Deliver = waits ? (...said) => void setImmediate(() => settle(...said)) : settle;
    begin().then(
      (value) => answer(token, false, value),
      (error: unknown) => {
        const failure = error instanceof SyscallFailure ? error : new SyscallFailure("EIO");
        answer(token, true, failure.toWire().slice(1));
      },
    );
  }
}
