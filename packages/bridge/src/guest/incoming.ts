import { type Settle, SyscallError } from "./client.ts";
import type { Arrival, Mailbox } from "./lib/mailbox.ts";
import type { EventLoop } from "./loop.ts";
import type { Unit } from "./loop-hooks.ts";

/** What the incoming side needs of its guest. */
export interface IncomingParts {
  readonly loop: EventLoop;
  readonly mailbox: Mailbox;
  readonly syscalls: { take(token: number): Settle | undefined };
}

/** What comes from the cell for syscalls and listeners. */
export class Incoming {
  readonly #parts: IncomingParts;
  /** What has arrived and may still lie in the mailbox. */
  #arrivals: readonly Arrival[] = [];

  constructor(parts: IncomingParts) {
    this.#parts = parts;
  }

  /** So many items are in the mailbox: each is a callback of the next poll phase. */
  arrived(count: number): void {
    const { loop, mailbox, syscalls } = this.#parts;
    this.#arrivals = mailbox.arrived(count);
    for (let i = 0; i < this.#arrivals.length; i++) {
      const arrival = this.#arrivals[i] as Arrival;
      loop.offer(() => {
        syscalls.take(arrival.token)?.(undefined, arrival);
        arrival.isTaken = true;
      });
    }
  }

  /** Control goes back to the cell: the mailbox is its again. */
  emptyMailbox(): void {
    for (let i = 0; i < this.#arrivals.length; i++) {
      const arrival = this.#arrivals[i] as Arrival;
      if (!arrival.isTaken) arrival.own();
    }
    if (this.#arrivals.length > 0) this.#arrivals = [];
  }

  /** A syscall was answered, or a listener's source failed. -> the callback for it; nothing where nobody waits any more */
  settled(token: number, failed: number, payload: unknown): Unit | undefined {
    const { loop, syscalls } = this.#parts;
    const settle = syscalls.take(token);
    if (!settle) return undefined;
    const failure = failed ? (payload as readonly [string, string | undefined, string | undefined]) : undefined;
    loop.metrics.events++;
    const run = () =>
      settle(failure && new SyscallError(failure[0], failure[1], failure[2]), failed ? undefined : payload);
    return { run, frame: undefined };
  }
}
