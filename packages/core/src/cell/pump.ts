import { Operation, Turn } from "@vivarium/bridge/contract";
import type { FailedEvaluation } from "../engine/evaluations.ts";
import { GuestIsolate } from "../engine/isolate.ts";
import { isOwnRejection } from "../engine/modules.ts";
import { type Ending, endings } from "./ending.ts";
import type { Meter } from "./meter.ts";
import { copyOf, mayBeSame } from "./told-reasons.ts";

export interface PumpParts {
  readonly guest: GuestIsolate;
  readonly meter: Meter;
  /** 0: none */
  readonly cpuTimeMs: number;
  /** Evaluations of modules that have failed since it was asked last. */
  readonly failedEvaluations: () => readonly FailedEvaluation[];
  readonly ended: () => boolean;
  readonly end: (ending: Ending) => void;
  readonly finish: () => void;
}

/** Turns at a stretch before the cell looks at its own event loop. */
const TURNS_PER_STRETCH = 16;

/** Drives a guest's event loop from the cell's: calls `turn` until nothing is left, waits where the guest waits. */
export class Pump {
  readonly #parts: PumpParts;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires, and when the guest wants to be woken, on the clock of `performance.now()`. */
  #timerAt = 0;
  #due = Number.POSITIVE_INFINITY;
  #immediate: NodeJS.Immediate | undefined;
  #finished = false;
  /** What the guest is told before its next turn. */
  #told: (readonly [operation: number, args: readonly unknown[]])[] = [];

  constructor(parts: PumpParts) {
    this.#parts = parts;
  }

  /** @param mailbox crosses where the guest cannot take it by itself */
  attach(host: unknown, config: string, helper: unknown, mailbox: ArrayBuffer | SharedArrayBuffer): void {
    const crossing = mailbox instanceof SharedArrayBuffer ? GuestIsolate.copy(mailbox) : undefined;
    this.#enter(Operation.attach, [host, config, helper, crossing]);
  }

  start(request: string): void {
    this.#enter(Operation.start, [request]);
    this.#go();
  }

  /** The answer of an async syscall. */
  deliver(token: number, failed: boolean, payload: unknown): void {
    if (this.#finished) return;
    const crossing = typeof payload === "object" ? GuestIsolate.copy(payload) : payload;
    this.#go(this.#enter(Operation.event, [token, failed ? 1 : 0, crossing]));
  }

  /** So many items are in the mailbox. */
  arrived(count: number): void {
    if (this.#finished) return;
    this.#go(this.#enter(Operation.arrivals, [count]));
  }

  /**
   * One entry into the guest. Everything that can end a run inside it is decided here, from facts of the host. An entry
   * has no time limit of its own: isolated-vm would count time on the clock, in which a guest may be waiting or kept
   * from running. A guest that does not give control back is ended by the supervisor's watchdog.
   */
  #enter(operation: number, args: readonly unknown[]): number {
    const { guest, meter, cpuTimeMs, ended, end } = this.#parts;
    if (ended()) return Turn.done;
    if (cpuTimeMs > 0 && meter.cpuMs() >= cpuTimeMs) {
      end(endings.cpu);
      return Turn.done;
    }
    try {
      return guest.enter(operation, args);
    } catch (error) {
      if (ended()) return Turn.done;
      if (!guest.disposed) {
        this.#tell(error);
        return Turn.again;
      }
      end(endings.memory);
      return Turn.done;
    }
  }

  /**
   * Of the rejections nobody has handled in an entry isolated-vm tells one. Evaluations of modules that failed are known
   * besides; where it is the reason of one of them, it was that one.
   */
  #tell(rejection: unknown): void {
    const failed = this.#parts.failedEvaluations();
    const isKnown = isOwnRejection(rejection) || failed.some(({ reason }) => mayBeSame(reason, rejection));
    for (const { id, reason } of failed) this.#told.push([Operation.failed, [id, copyOf(reason)]]);
    if (!isKnown) this.#told.push([Operation.rejected, [copyOf(rejection)]]);
  }

  /** Goes on until the guest waits. @param answer what its last entry said */
  #go(answer: number = Turn.again): void {
    clearImmediate(this.#immediate);
    let next = answer;
    for (let i = 0; i <= TURNS_PER_STRETCH; i++) {
      if (this.#parts.ended()) {
        this.#finish();
        return;
      }
      if (this.#told.length > 0) next = Turn.again;
      if (next === Turn.done && !this.#wantsMore()) {
        this.#finish();
        return;
      }
      if (next === Turn.idle || next > 0) {
        this.#wait(next);
        return;
      }
      next = this.#enter(...(this.#told.shift() ?? ([Operation.turn, []] as const)));
    }
    this.#immediate = setImmediate(() => this.#go(next));
  }

  /**
   * Comes back in `delay` ms, with `Turn.idle` not at all. A timer that is set already and not too late stays: it costs
   * less to be woken once too often than to set one after every event.
   */
  #wait(delay: number): void {
    if (delay === Turn.idle) {
      this.#due = Number.POSITIVE_INFINITY;
      return;
    }
    this.#due = performance.now() + delay;
    if (this.#timer !== undefined && this.#timerAt <= this.#due) return;
    clearTimeout(this.#timer);
    this.#setTimer(delay);
  }

  #setTimer(delay: number): void {
    this.#timerAt = performance.now() + delay;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#due === Number.POSITIVE_INFINITY) return;
      const left = this.#due - performance.now();
      if (left >= 1) this.#setTimer(Math.ceil(left));
      else this.#go();
    }, delay);
  }

  /** The loop is empty: `beforeExit` may give it more; otherwise the program exits. */
  #wantsMore(): boolean {
    const next = this.#enter(Operation.beforeExit, []);
    if (this.#parts.ended()) return false;
    if (next !== Turn.done) return true;
    this.#enter(Operation.exit, []);
    // An 'exit' listener threw and the program's own handler took it: the exit goes on where it was.
    if (!this.#parts.ended()) this.#enter(Operation.exit, []);
    // A guest that broke its own way out has failed, and no more.
    if (!this.#parts.ended()) this.#parts.end(endings.exit(1));
    return false;
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#parts.finish();
  }
}
