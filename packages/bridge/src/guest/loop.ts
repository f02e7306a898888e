import { Turn } from "../contract/operations.ts";
import { append } from "./lib/define.ts";
import { ArrayProto, mathAbs, mathFloor, mathMax, reflectApply } from "./primordials.ts";
import type { Realm } from "./realm.ts";

/** The callback of an operation that is done, waiting for the poll phase. */
interface Completion {
  readonly run: () => void;
  /** The async context the operation was started in. */
  readonly frame: unknown;
  /** The iteration in which it was queued. */
  readonly queued: number;
}

type Phase = "timers" | "poll" | "check";

/** The parts of Node's bindings the loop works with, filled in by them. */
export interface LoopHooks {
  tickInfo: Uint8Array;
  tick: () => void;
  immediateInfo: Uint32Array;
  timeoutInfo: Int32Array;
  processImmediate: () => void;
  /** -> 0, or when to come back: negative where only unref'ed timers wait */
  processTimers: (now: number) => number;
  /** Clears the async id stack after an exception, as Node does. */
  clearAsyncStack: () => void;
  getFrame: () => unknown;
  setFrame: (frame: unknown) => void;
}

const HAS_TICK = 0;
const HAS_REJECTION = 1;
const COUNT = 0;
const REF_COUNT = 1;
const HAS_OUTSTANDING = 2;

/** One callback for the guest to run, in the async context it belongs to. */
export interface Unit {
  readonly run: () => void;
  readonly frame: unknown;
}

/**
 * The guest's event loop: timers, poll, check, as libuv and `src/env.cc` run it. The loop says what runs next; the
 * guest's one entry runs it and gives control back to the cell, where V8 drains the microtask queue on an empty stack.
 */
export class EventLoop {
  readonly hooks: LoopHooks = {} as LoopHooks;
  readonly #realm: Realm;
  #completions: Completion[] = [];
  #ready: Completion[] = [];
  #references = 0;
  /** The main program runs before the first iteration. */
  #iteration = 0;
  #phase: Phase = "timers";
  #now = 0;
  /** Loop time at which the current timers phase began; 0 outside it. */
  #timersAt = 0;
  /** When the next timer is due, loop time; 0 when none is. */
  #due = 0;
  readonly #timers: Unit;
  readonly #immediates: Unit;

  constructor(realm: Realm) {
    this.#realm = realm;
    this.#timers = { run: () => this.#runTimers(), frame: undefined };
    this.#immediates = { run: () => reflectApply(this.hooks.processImmediate, realm.process, []), frame: undefined };
  }

  /** Loop time, whole milliseconds. */
  now(): number {
    this.#now = mathFloor(this.#realm.sys.clock.now());
    return this.#now;
  }

  scheduleTimer(delay: number): void {
    this.#due = this.now() + mathMax(1, delay);
  }

  /** Queues the callback of an operation that is already done. It keeps the program alive and runs in the poll phase. */
  complete(run: () => void): void {
    append(this.#completions, { run, frame: this.hooks.getFrame(), queued: this.#iteration });
  }

  /** Keeps the program alive until `unref`. */
  ref(): void {
    this.#references++;
  }

  unref(): void {
    this.#references--;
  }

  /** Ticks, or rejections to look at, wait. */
  get hasTicks(): boolean {
    return this.hooks.tickInfo[HAS_TICK] !== 0 || this.hooks.tickInfo[HAS_REJECTION] !== 0;
  }

  /**
   * The same right after a callback: rejections alone wait until the microtasks have had their turn
   * (`InternalCallbackScope::Close` of src/api/callback.cc), which they have when control is back at the cell.
   */
  get hasScheduledTicks(): boolean {
    return this.hooks.tickInfo[HAS_TICK] !== 0;
  }

  get #alive(): boolean {
    return (
      this.#completions.length > 0 ||
      this.#ready.length > 0 ||
      this.#references > 0 ||
      (this.hooks.immediateInfo[REF_COUNT] as number) > 0 ||
      (this.#due > 0 && (this.hooks.timeoutInfo[0] as number) > 0)
    );
  }

  /** What runs next without waiting, or nothing. Goes through the phases as far as needed. */
  next(): Unit | undefined {
    if (this.#iteration === 0) {
      if (!this.#alive) return undefined;
      this.#iteration = 1;
    }
    const before = this.#iteration;
    do {
      const unit = this.#step();
      if (unit) return unit;
      // A whole iteration without anything to run: whoever waits, waits for time or for the host.
    } while (this.#iteration === before || (this.#iteration === before + 1 && this.#busy));
    return undefined;
  }

  /** How long the cell may wait before it asks again. */
  rest(): number {
    if (!this.#alive) return Turn.done;
    if (this.#busy) return Turn.again;
    if (this.#due === 0) return Turn.idle;
    return mathMax(1, this.#due - this.now());
  }

  get #busy(): boolean {
    if (this.#ready.length > 0 || this.#completions.length > 0) return true;
    return (this.hooks.immediateInfo[REF_COUNT] as number) > 0 || (this.#due > 0 && this.#due <= this.now());
  }

  #step(): Unit | undefined {
    switch (this.#phase) {
      case "timers":
        return this.#nextTimers();
      case "poll":
        return this.#isIdle() ? undefined : this.#nextCompletion();
      case "check":
        return this.#nextImmediates();
    }
  }

  /** An iteration that nothing keeps alive is none (`uv_run`): what is unref'ed and due does not run in it. */
  #isIdle(): boolean {
    if (!this.#entering) return false;
    this.#entering = false;
    if (this.#alive) return false;
    this.#phase = "timers";
    this.#iteration++;
    return true;
  }

  #nextTimers(): Unit | undefined {
    if (this.#timersAt === 0) {
      if (this.#due === 0 || this.#due > this.now()) {
        this.#enterPoll();
        return undefined;
      }
      this.#timersAt = this.#now;
    }
    return this.#timers;
  }

  #runTimers(): void {
    const at = this.#timersAt;
    // Stays so when a callback throws: the rest of the timers run in the next turn.
    this.#due = at;
    const next = reflectApply(this.hooks.processTimers, this.#realm.process, [at]) as number;
    // A list that is due already: the library gave control back between two callbacks, and the phase goes on.
    if (next !== 0 && mathAbs(next) <= at) return;
    this.#due = next === 0 ? 0 : mathMax(mathAbs(next), this.now() + 1);
    this.#enterPoll();
  }

  /**
   * Moves what is done into this iteration's poll phase. Operations take a while on Node's thread pool, so what was
   * queued in this very iteration waits for the next one while immediates are due.
   */
  #enterPoll(): void {
    this.#phase = "poll";
    this.#entering = true;
    this.#timersAt = 0;
    const immediates = (this.hooks.immediateInfo[REF_COUNT] as number) > 0;
    const later: Completion[] = [];
    for (let i = 0; i < this.#completions.length; i++) {
      const completion = this.#completions[i] as Completion;
      append(immediates && completion.queued === this.#iteration ? later : this.#ready, completion);
    }
    this.#completions = later;
  }

  #nextCompletion(): Unit | undefined {
    const completion = ArrayProto.shift(this.#ready) as Completion | undefined;
    if (!completion) this.#phase = "check";
    return completion;
  }

  /** Outstanding immediates (one threw, or the library gave control back) belong to this same phase. */
  #nextImmediates(): Unit | undefined {
    const info = this.hooks.immediateInfo;
    if (info[HAS_OUTSTANDING] !== 0 || (!this.#checked && info[COUNT] !== 0)) {
      this.#checked = true;
      return this.#immediates;
    }
    this.#checked = false;
    this.#phase = "timers";
    this.#iteration++;
    return undefined;
  }
  /** This iteration's immediates have begun to run; what they queue belongs to the next one. */
  #checked = false;
  /** The timers have run and the poll phase has not begun. */
  #entering = false;
}
