import { SyscallFailure } from "../errors/failure.ts";
import { type LimitName, type Limits, limitTable } from "./limits.ts";

/** What a run has used so far. */
export interface BudgetUsage {
  readonly syscalls: number;
  readonly transferBytes: number;
  readonly stdioBytes: number;
  readonly pendingCalls: number;
  readonly peakPendingCalls: number;
}

type Counted = "syscalls" | "transferBytes" | "stdioBytes" | "pendingCalls";

/** The text of a budget's end: the guest and the host's log show the same. */
const exhausted = (name: LimitName, limit: number): string =>
  `budget ${name} is used up: the limit is ${limit} ${limitTable[name].unit}; raise it with options.limits.${name}`;

/**
 * Counts what one run uses of its syscalls, bytes, output and calls under way. A used-up budget stays used up: every
 * further charge throws `SyscallFailure("ERR_SANDBOX_BUDGET_EXCEEDED")`, and `exhausted` names it.
 */
export class Budget {
  /** The first budget that was used up. */
  exhausted: LimitName | undefined;
  /** Gets back what is charged and not used, where that is too much. */
  recall: () => void = () => undefined;
  readonly #limits: Limits;
  #syscalls = 0;
  #transferBytes = 0;
  #stdioBytes = 0;
  #pendingCalls = 0;
  #peakPendingCalls = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Charges `calls` units (a syscall's cost) and the bytes that cross with it. */
  charge(calls: number, bytes: number): void {
    this.#syscalls += calls;
    this.#transferBytes += bytes;
    if (!this.hasRoom(0, 0)) this.recall();
    this.#check("syscalls", this.#syscalls);
    this.#check("transferBytes", this.#transferBytes);
  }

  /** Whether so much more could be charged. */
  hasRoom(calls: number, bytes: number): boolean {
    const { syscalls, transferBytes } = this.#limits;
    return (
      (syscalls === 0 || this.#syscalls + calls <= syscalls) &&
      (transferBytes === 0 || this.#transferBytes + bytes <= transferBytes)
    );
  }

  /** Some that was charged was not used. */
  giveBack(calls: number, bytes: number): void {
    this.#syscalls -= calls;
    this.#transferBytes -= bytes;
  }

  /** Charges output before it is passed on; output past the budget is not. */
  chargeStdio(bytes: number): void {
    this.#stdioBytes += bytes;
    this.#check("stdioBytes", this.#stdioBytes);
  }

  /** A call starts (+1) or has answered (-1). A refused start is not counted: answers make room again. */
  inFlight(change: 1 | -1): void {
    const next = this.#pendingCalls + change;
    if (next > this.#limits.pendingCalls) this.#refuse("pendingCalls");
    this.#pendingCalls = Math.max(0, next);
    this.#peakPendingCalls = Math.max(this.#peakPendingCalls, next);
  }

  /** Checks one value against `payloadBytes`. */
  checkPayload(bytes: number): void {
    const limit = this.#limits.payloadBytes;
    if (bytes <= limit) return;
    const detail = `a value of ${bytes} bytes is over the limit of ${limit} bytes; raise it with options.limits.payloadBytes`;
    throw new SyscallFailure("ERR_SANDBOX_PAYLOAD_TOO_LARGE", { sandboxCode: "ERR_SANDBOX_PAYLOAD_TOO_LARGE", detail });
  }

  /**
   * Why the program can do nothing more at all, if that is so: every syscall is refused, also one that would tell of an
   * error.
   */
  get standstill(): string | undefined {
    const name = this.exhausted;
    return name === "syscalls" || name === "transferBytes" ? exhausted(name, this.#limits[name]) : undefined;
  }

  usage(): BudgetUsage {
    return {
      syscalls: this.#syscalls,
      transferBytes: this.#transferBytes,
      stdioBytes: this.#stdioBytes,
      pendingCalls: this.#pendingCalls,
      peakPendingCalls: this.#peakPendingCalls,
    };
  }

  #check(name: Counted, used: number): void {
    const limit = this.#limits[name];
    if (limit === 0 || used <= limit) return;
    this.exhausted ??= name;
    this.#refuse(name);
  }

  #refuse(name: Counted): never {
    const detail = exhausted(name, this.#limits[name]);
    throw new SyscallFailure("ERR_SANDBOX_BUDGET_EXCEEDED", { sandboxCode: "ERR_SANDBOX_BUDGET_EXCEEDED", detail });
  }
}
