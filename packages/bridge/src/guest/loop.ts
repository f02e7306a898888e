import { Turn } from "../contract/operations.ts";
import { ArrayProto, mathAbs, mathFloor, mathMax } from "./primordials.ts";
import type { Caught, Realm } from "./realm.ts";

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
  runMicrotasks: () => void;
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
const REF_COUNT = 1;
const COUNT = 0;
const HAS_OUTSTANDING = 2;

/**
 * The guest's event loop: timers, poll, check, as libuv and `src/env.cc` run it. The cell calls `turn` until nothing
 * is left. Without the native helper a turn runs one callback and gives control back, because V8 drains the microtask
 * queue only then; with it a turn runs a whole iteration.
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

  constructor(realm: Realm) {
    this.#realm = realm;
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
    ArrayProto.push(this.#completions, { run, frame: this.hooks.getFrame(), queued: this.#iteration });
  }

  /** Keeps the program alive until `unref`. */
  ref(): void {
    this.#references++;
  }

  unref(): void {
    this.#references--;
  }

  /**
   * Runs a callback as a macrotask: exceptions go to `uncaughtException`, then ticks and microtasks run.
   * @see https://nodejs.org/api/process.html#processnexttickcallback-args
   */
  callback(run: () => void, frame: unknown = undefined): void {
    const { hooks } = this;
    hooks.setFrame(frame);
    this.#guarded(run);
    hooks.setFrame(undefined);
    this.drain();
  }

  /** Runs library or program code; what it throws is nobody's but `uncaughtException`'s. @returns whether it threw */
  #guarded(run: () => void): boolean {
    const { native } = this.#realm;
    let caught: Caught | undefined;
    if (native) {
      caught = native.catch(run);
      if (!caught) return false;
      this.#realm.fatalException(caught[0], false, caught);
    } else {
      try {
        run();
        return false;
      } catch (error) {
        this.#realm.fatalException(error, false);
      }
    }
    this.hooks.clearAsyncStack();
    return true;
  }

  /** Ticks and microtasks, until none are left (or, without the helper, until control must go back). */
  drain(): void {
    const { hooks } = this;
    if (hooks.tickInfo[HAS_TICK] === 0) hooks.runMicrotasks();
    while (hooks.tickInfo[HAS_TICK] !== 0 || hooks.tickInfo[HAS_REJECTION] !== 0) {
      if (!this.#guarded(hooks.tick)) return;
    }
  }

  #alive(): boolean {
    return (
      this.#completions.length > 0 ||
      this.#ready.length > 0 ||
      this.#references > 0 ||
      (this.hooks.immediateInfo[REF_COUNT] as number) > 0 ||
      (this.#due > 0 && (this.hooks.timeoutInfo[0] as number) > 0)
    );
  }

  /** Runs until control must go back to the cell and says when to come again. */
  turn(): number {
    const { hooks } = this;
    if (this.#iteration === 0) this.#iteration = 1;
    if (hooks.tickInfo[HAS_TICK] !== 0 || hooks.tickInfo[HAS_REJECTION] !== 0) {
      this.drain();
      return Turn.again;
    }
    const yields = this.#realm.native === undefined;
    for (;;) {
      const ran = this.#step();
      if (ran && yields) return Turn.again;
      if (this.#phase === "timers" && !this.#busy()) return this.#rest();
    }
  }

  /** One unit of the current phase; goes on to the next phase when this one has no more. @returns whether a callback ran */
  #step(): boolean {
    switch (this.#phase) {
      case "timers":
        return this.#runTimers();
      case "poll":
        return this.#runCompletion();
      case "check":
        return this.#runImmediates();
    }
  }

  /** Something can run without waiting. */
  #busy(): boolean {
    if (this.#ready.length > 0 || this.#completions.length > 0) return true;
    if ((this.hooks.immediateInfo[REF_COUNT] as number) > 0) return true;
    return this.#due > 0 && this.#due <= this.now() && this.#alive();
  }

  #rest(): number {
    if (!this.#alive()) return Turn.done;
    if (this.#due === 0) return Turn.idle;
    return mathMax(1, this.#due - this.now());
  }

  #runTimers(): boolean {
    const { hooks } = this;
    if (this.#timersAt === 0) {
      if (this.#due === 0 || this.#due > this.now()) {
        this.#enterPoll();
        return false;
      }
      this.#timersAt = this.#now;
    }
    const at = this.#timersAt;
    this.#due = 0;
    let next = 0;
    const run = () => {
      next = hooks.processTimers(at);
    };
    while (this.#guarded(run)) this.drain();
    if (next !== 0 && mathAbs(next) <= at) {
      // The library yielded between two callbacks: the phase goes on in the next turn, at the same loop time.
      this.#due = at;
    } else {
      if (next !== 0) this.#due = mathMax(mathAbs(next), this.now() + 1);
      this.#enterPoll();
    }
    this.drain();
    return true;
  }

  /**
   * Moves what is done into this iteration's poll phase. Operations take a while on Node's thread pool, so what was
   * queued in this very iteration waits for the next one while immediates are due.
   */
  #enterPoll(): void {
    this.#phase = "poll";
    this.#timersAt = 0;
    const immediates = (this.hooks.immediateInfo[REF_COUNT] as number) > 0;
    const later: Completion[] = [];
    for (let i = 0; i < this.#completions.length; i++) {
      const completion = this.#completions[i] as Completion;
      ArrayProto.push(immediates && completion.queued === this.#iteration ? later : this.#ready, completion);
    }
    this.#completions = later;
  }

  #runCompletion(): boolean {
    const completion = ArrayProto.shift(this.#ready) as Completion | undefined;
    if (!completion) {
      this.#phase = "check";
      return false;
    }
    this.callback(completion.run, completion.frame);
    return true;
  }

  #runImmediates(): boolean {
    const { hooks } = this;
    const info = hooks.immediateInfo;
    if (info[COUNT] === 0 && info[HAS_OUTSTANDING] === 0) {
      this.#endIteration();
      return false;
    }
    this.#guarded(() => hooks.processImmediate());
    // Outstanding immediates: one threw, or the library yielded. They belong to this same phase.
    if (info[HAS_OUTSTANDING] === 0) this.#endIteration();
    this.drain();
    return true;
  }

  #endIteration(): void {
    this.#phase = "timers";
    this.#iteration++;
  }
}
