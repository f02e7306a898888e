import { Turn } from "../contract/operations.ts";
import { append } from "./lib/define.ts";
import { runtimeFunctions } from "./lib/runtime-functions.ts";
import type { Completion, LoopHooks, Unit } from "./loop-hooks.ts";
import { LoopMetrics } from "./loop-metrics.ts";
import { ArrayProto, mathAbs, mathFloor, mathMax, reflectApply } from "./primordials.ts";
import type { Realm } from "./realm.ts";

type Phase = "timers" | "poll" | "native check" | "check" | "closing";

const HAS_TICK = 0;
const HAS_REJECTION = 1;
const COUNT = 0;
const REF_COUNT = 1;
const HAS_OUTSTANDING = 2;

/**
 * The guest's event loop: timers, poll, check, closing, as libuv and `src/env.cc` run it. The loop says what runs next; the
 * guest's one entry runs it and gives control back to the cell, where V8 drains the microtask queue on an empty stack.
 */
export class EventLoop {
  readonly hooks: LoopHooks = {} as LoopHooks;
  readonly #realm: Realm;
  #completions: Completion[] = [];
  #ready: Completion[] = [];
  /** How many of `#completions` keep nobody alive. */
  #offered = 0;
  #closings: Completion[] = [];
  #closingNow: Completion[] = [];
  #nativeImmediates: (() => void)[] = [];
  #references = 0;
  /** From a beginning with something alive until nothing is: one call of `uv_run`. */
  #isRunning = false;
  /** The main program runs before the first iteration. */
  #iteration = 0;
  #phase: Phase = "timers";
  #now = 0;
  /** What the cell's clock said last, while nothing has run since; 0 where it has to be asked. A question costs a syscall. */
  #read = 0;
  /** Loop time at which the current timers phase began; 0 outside it. */
  #timersAt = 0;
  /** When the next timer is due, loop time; 0 when none is. */
  #due = 0;
  readonly #timers: Unit;
  readonly #immediates: Unit;
  readonly #natives: Unit;
  readonly metrics: LoopMetrics;

  constructor(realm: Realm) {
    this.#realm = realm;
    this.metrics = new LoopMetrics(() => this.#clock());
    this.#timers = { run: () => this.#runTimers(), frame: undefined };
    this.#natives = { run: () => this.runNativeImmediates(), frame: undefined };
    this.#immediates = { run: () => reflectApply(this.hooks.processImmediate, realm.process, []), frame: undefined };
  }

  /** Loop time, whole milliseconds. */
  now(): number {
    this.#read = 0;
    return this.#update();
  }

  /** Time may have passed: the program has run, or the cell has waited. */
  passTime(): void {
    this.#read = 0;
  }

  #clock(): number {
    if (this.#read === 0) this.#read = this.#realm.now();
    return this.#read;
  }

  /** Loop time as of the last callback's end (`uv_update_time`). */
  #update(): number {
    this.#now = mathFloor(this.#clock());
    return this.#now;
  }

  scheduleTimer(delay: number): void {
    this.#due = this.now() + mathMax(1, delay);
  }

  /** Queues the callback of an operation that is already done. It keeps the program alive and runs in the poll phase. */
  complete(run: () => void): void {
    append(this.#completions, { run, frame: this.hooks.getFrame(), queued: this.#iteration });
  }

  /** Queues a callback that keeps nobody alive: it runs in the next poll phase, if there is one. */
  offer(run: () => void): void {
    this.#offered++;
    append(this.#completions, { run, frame: undefined, queued: this.#iteration, isOffer: true });
  }

  /** Queues what a callback of this very poll phase has left to do: it runs next. */
  goOn(run: () => void): void {
    ArrayProto.unshift(this.#ready, { run, frame: undefined, queued: this.#iteration });
  }

  /** Queues the callback of a handle that was closed: it runs after the immediates of the same iteration. */
  closing(run: () => void): void {
    append(this.#closings, { run, frame: this.hooks.getFrame(), queued: this.#iteration });
  }

  /** Queues what runs before the immediates of the next check phase; it keeps nobody alive (`SetUnrefImmediate`, src/env.h). */
  beforeCheck(run: () => void): void {
    append(this.#nativeImmediates, run);
  }

  /** Runs what `beforeCheck` queued, and what that queues (`RunAndClearNativeImmediates` of src/env.cc). */
  runNativeImmediates(): void {
    while (this.#nativeImmediates.length > 0) {
      const runs = this.#nativeImmediates;
      this.#nativeImmediates = [];
      for (let i = 0; i < runs.length; i++) (runs[i] as () => void)();
    }
  }

  /** Keeps the program alive until `unref`. */
  ref(): void {
    this.#references++;
  }

  unref(): void {
    this.#references--;
  }

  /**
   * Whether microtasks can be run inside one entry. Where they cannot, V8 runs them when control goes back to the cell,
   * and the library gives it back after each callback (library/patches.ts).
   */
  get drains(): boolean {
    return this.#realm.native !== undefined || runtimeFunctions.runMicrotasks !== undefined;
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
      this.#completions.length > this.#offered ||
      this.#ready.length > 0 ||
      this.#hasClosings ||
      this.#references > 0 ||
      (this.hooks.immediateInfo[REF_COUNT] as number) > 0 ||
      (this.#due > 0 && (this.hooks.timeoutInfo[0] as number) > 0)
    );
  }

  /** What runs next without waiting, or nothing. Goes through the phases as far as needed. */
  next(): Unit | undefined {
    return this.#nextInPhases() ?? this.hooks.nextCleanup?.();
  }

  #nextInPhases(): Unit | undefined {
    if (!this.#isRunning) {
      if (this.#iteration === 0) this.metrics.onBegin();
      if (!this.#alive) return undefined;
      this.#isRunning = true;
      this.#isFirst = true;
      if (this.#iteration === 0) this.#begin(1);
    }
    const before = this.#iteration;
    for (;;) {
      const unit = this.#step();
      if (unit) return unit;
      if (this.#iteration === before) continue;
      // A whole iteration without anything to run: whoever waits, waits for time or for the host. The check phase comes
      // after the waiting and before the timers, so what it has to run is not left for later.
      const goesOn = this.#busy || this.#nativeImmediates.length > 0;
      if (!goesOn || this.#iteration > before + 1) return undefined;
    }
  }

  /** How long the cell may wait before it asks again. */
  rest(): number {
    if (!this.#alive) {
      this.#isRunning = false;
      return Turn.done;
    }
    if (this.#busy) return Turn.again;
    this.metrics.rest();
    if (this.#due === 0) return Turn.idle;
    return mathMax(1, this.#due - this.#update());
  }

  #begin(iteration: number): void {
    this.#iteration = iteration;
    this.metrics.iterations = iteration;
  }

  get #hasClosings(): boolean {
    return this.#closings.length > 0 || this.#closingNow.length > 0;
  }

  get #busy(): boolean {
    if (this.#ready.length > 0 || this.#completions.length > 0 || this.#hasClosings) return true;
    return (this.hooks.immediateInfo[REF_COUNT] as number) > 0 || (this.#due > 0 && this.#due <= this.#update());
  }

  #step(): Unit | undefined {
    switch (this.#phase) {
      case "timers":
        return this.#nextTimers();
      case "poll":
        return this.#isIdle() ? undefined : this.#nextCompletion();
      case "native check":
        this.#phase = "check";
        // A callback scope of its own: ticks that a throw has left behind run before the immediates.
        return this.#nativeImmediates.length > 0 || this.hasTicks ? this.#natives : undefined;
      case "check":
        return this.#nextImmediates();
      case "closing":
        return this.#nextClosing();
    }
  }

  /**
   * An iteration that nothing keeps alive is none (`uv_run`): what is unref'ed and due does not run in it. The first one
   * is, whatever its timers left: they run before it.
   */
  #isIdle(): boolean {
    if (!this.#entering) return false;
    this.#entering = false;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (isFirst || this.#alive) return false;
    this.#phase = "timers";
    this.#begin(this.#iteration + 1);
    return true;
  }

  #nextTimers(): Unit | undefined {
    if (this.#timersAt === 0) {
      if (this.#due === 0 || this.#due > this.#update()) {
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
    const alive = this.#alive;
    const later: Completion[] = [];
    for (let i = 0; i < this.#completions.length; i++) {
      const completion = this.#completions[i] as Completion;
      const waits = completion.isOffer ? !alive : immediates && completion.queued === this.#iteration;
      if (completion.isOffer && !waits) this.#offered--;
      append(waits ? later : this.#ready, completion);
    }
    this.#completions = later;
  }

  #nextCompletion(): Unit | undefined {
    const completion = ArrayProto.shift(this.#ready) as Completion | undefined;
    if (completion === undefined) {
      const cleanup = this.hooks.nextCleanup?.();
      if (cleanup) return cleanup;
    }
    if (completion) this.metrics.events++;
    else this.#phase = "native check";
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
    this.#phase = "closing";
    this.#closingNow = this.#closings;
    this.#closings = [];
    return undefined;
  }

  /** What is closed meanwhile belongs to the next iteration. */
  #nextClosing(): Unit | undefined {
    const closing = ArrayProto.shift(this.#closingNow) as Completion | undefined;
    if (closing) return closing;
    this.#phase = "timers";
    this.#begin(this.#iteration + 1);
    return undefined;
  }

  /** This iteration's immediates have begun to run; what they queue belongs to the next one. */
  #checked = false;
  /** The timers have run and the poll phase has not begun. */
  #entering = false;
  /** The first iteration of a run has not got past its timers. */
  #isFirst = false;
}
