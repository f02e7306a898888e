import { Operation, Turn } from "@vivarium/bridge/contract";
import { GuestIsolate } from "../engine/isolate.ts";
import { isOwnRejection } from "../engine/modules.ts";
import { type Ending, endings } from "./ending.ts";
import type { Meter } from "./meter.ts";

export interface PumpParts {
  readonly guest: GuestIsolate;
  readonly meter: Meter;
  /** 0: none */
  readonly cpuTimeMs: number;
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

  constructor(parts: PumpParts) {
    this.#parts = parts;
  }

  attach(host: unknown, config: string, helper: unknown, mailbox: SharedArrayBuffer): void {
    this.#enter(Operation.attach, [host, config, helper, GuestIsolate.copy(mailbox)]);
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
      if (guest.disposed) end(endings.memory);
      else if (isOwnRejection(error)) return Turn.again;
      else return operation === Operation.rejected ? Turn.again : this.#enter(Operation.rejected, [copyOf(error)]);
      return Turn.done;
    }
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
      if (next === Turn.done && !this.#wantsMore()) {
        this.#finish();
        return;
      }
      if (next === Turn.idle || next > 0) {
        this.#wait(next);
        return;
      }
      next = this.#enter(Operation.turn, []);
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

const BOUNDARY = "\n    at (<isolated-vm boundary>)";
/** This file as it is named in stacks, which depends on how it was bundled. */
const HERE = /([^\s(]+):\d+:\d+\)?$/m.exec(new Error().stack ?? "")?.[1] ?? "";
/** What isolated-vm says instead of a reason that does not look like an error. */
const NO_ERROR = "An object was thrown from supplied code within isolated-vm";

/** A rejection's reason as isolated-vm copied it, without the host's frames; an empty object for one it did not copy. */
function copyOf(reason: unknown): unknown {
  if (typeof reason !== "object" || reason === null) return reason;
  if (!(reason instanceof Error)) return GuestIsolate.copy({});
  const stack = `${reason.stack}`;
  const end = stack.indexOf(BOUNDARY);
  const own = end < 0 ? stack : stack.slice(0, end);
  // What came without a stack got one where it was copied: here.
  const isHosts = own.includes(HERE);
  if (isHosts && reason.message.startsWith(NO_ERROR)) return GuestIsolate.copy({});
  reason.stack = isHosts ? `${reason.name}: ${reason.message}` : own;
  return GuestIsolate.copy(reason);
}
