import type { LeaseLeft, LeasingHost } from "../engine/host-helper.ts";
import type { Budget } from "../limits/index.ts";
import type { CellStream, Lessee } from "./cell-stream.ts";

/** What one lease is good for: after so much the guest makes a syscall again. */
const WRITES = 1024;
const BYTES = 4 * 1024 * 1024;
/** Leases at once: each takes a descriptor of the process's. The oldest gives way. */
const MOST = 256;
/** What the contract says where there is none. */
const NONE = 0;

/** One stream that the guest writes to itself (native/leases.h). */
class Lease implements Lessee {
  readonly #number: number;
  readonly #host: LeasingHost;
  /** Hears what was left. */
  ended: (left: LeaseLeft) => void = () => undefined;
  #writesSeen = WRITES;

  constructor(number: number, host: LeasingHost) {
    this.#number = number;
    this.#host = host;
  }

  hasWritten(): boolean {
    const [writes] = this.#host.leaseLeft(this.#number) ?? [this.#writesSeen];
    const hasWritten = writes < this.#writesSeen;
    this.#writesSeen = writes;
    return hasWritten;
  }

  end(): void {
    const left = this.#host.endLease(this.#number);
    if (left) this.ended(left);
  }
}

/**
 * The streams of one run that the guest writes to without a syscall. Each is paid for beforehand, from the same budgets as
 * syscalls, and gives back what it did not use when it ends; a budget that is short calls all of them back.
 */
export class Leases {
  readonly #host: LeasingHost | undefined;
  readonly #budget: Budget;
  readonly #open = new Set<Lease>();

  /** @param host nothing where this guest has no helper that could write */
  constructor(host: LeasingHost | undefined, budget: Budget) {
    this.#host = host;
    this.#budget = budget;
  }

  /** -> the number of a new lease of the stream; 0 where it cannot be leased now, or there is not so much left to use */
  open(stream: CellStream): number {
    const host = this.#host;
    if (!host || !this.#budget.hasRoom(WRITES, BYTES)) return NONE;
    let number = NONE;
    stream.lease?.(BYTES, (descriptor, ended) => {
      number = host.openLease(descriptor, WRITES, BYTES) ?? NONE;
      return number === NONE ? undefined : this.#begin(new Lease(number, host), ended);
    });
    if (this.#open.size > MOST) this.#endOldest();
    return number;
  }

  #begin(lease: Lease, ended: (left: number) => void): Lease {
    this.#budget.charge(WRITES, BYTES);
    this.#open.add(lease);
    lease.ended = ([writes, bytes]) => {
      this.#open.delete(lease);
      this.#budget.giveBack(writes, bytes);
      ended(bytes);
    };
    return lease;
  }

  #endOldest(): void {
    for (const lease of this.#open) {
      lease.end();
      return;
    }
  }

  /** Ends all of them. */
  recall(): void {
    for (const lease of [...this.#open]) lease.end();
  }
}
