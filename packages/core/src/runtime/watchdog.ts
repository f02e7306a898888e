import type { WatchedLimit } from "./outcome.ts";
import { POLL_MS, type ProcessStats, processStats } from "./process-stats.ts";

/** Beyond 3x the heap limit: an isolate's own overhead, the cell's heap and what a collection needs, MiB. */
const MEMORY_ALLOWANCE_MIB = 60;
const HEAP_FACTOR = 3;
/** After the wall limit, this long for a result that is on its way, milliseconds. */
export const GRACE_MS = 250;
/** After the CPU limit, this long for the cell to end the guest between two callbacks and report it, milliseconds. */
const CPU_GRACE_MS = 100;
/** Closer look at a process that has used more than half of its memory, milliseconds. */
const CLOSE_POLL_MS = 10;

export interface WatchdogOptions {
  readonly pid: number;
  readonly memoryMiB: number;
  /** 0 = none */
  readonly cpuTimeMs: number;
  /** 0 = none */
  readonly wallTimeMs: number;
  /** CPU time of other cells that counts towards the same limit, milliseconds. */
  readonly spentElsewhere?: () => number;
  /** Called once, when a limit and its grace are over. */
  readonly onLimit: (limit: WatchedLimit) => void;
}

/** What a cell may use of memory that is not a file's, MiB: isolated-vm's own limit is a guideline that V8 oversteps. */
export const memoryBudgetMiB = (memoryMiB: number): number => HEAP_FACTOR * memoryMiB + MEMORY_ALLOWANCE_MIB;

/** Watches one run of one cell from outside. */
export class Watchdog implements Disposable {
  readonly #options: WatchdogOptions;
  readonly #budgetMiB: number;
  readonly #started = performance.now();
  #wall: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;
  #stopped = false;
  #baselineCpuMs: number | undefined;
  #last: ProcessStats | undefined;
  #peakRssMiB = 0;

  /** Starts at once: the wall limit counts from here, CPU time from the first look. */
  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#budgetMiB = memoryBudgetMiB(options.memoryMiB);
    if (options.wallTimeMs > 0) {
      this.#wall = setTimeout(() => this.#fire("wall"), options.wallTimeMs + GRACE_MS);
    }
    void this.#look();
  }

  /** CPU time of this run so far, as of the last look, milliseconds. */
  get cpuMs(): number {
    return this.#last === undefined ? 0 : this.#last.cpuMs - (this.#baselineCpuMs ?? 0);
  }

  get peakRssMiB(): number {
    return this.#peakRssMiB;
  }

  /** Share of the memory budget in use at the last look. */
  get memoryShare(): number {
    return this.#last === undefined ? 0 : this.#last.privateMiB / this.#budgetMiB;
  }

  /** Milliseconds since the start. */
  get wallMs(): number {
    return performance.now() - this.#started;
  }

  /** Stops watching; `onLimit` is not called any more. */
  [Symbol.dispose](): void {
    this.#stopped = true;
    clearTimeout(this.#wall);
    clearTimeout(this.#poll);
    clearTimeout(this.#grace);
  }

  async #look(): Promise<void> {
    const stats = await processStats(this.#options.pid);
    if (this.#stopped || stats === undefined) return;
    this.#baselineCpuMs ??= stats.cpuMs;
    this.#last = stats;
    this.#peakRssMiB = Math.max(this.#peakRssMiB, stats.rssMiB);
    if (stats.privateMiB > this.#budgetMiB) return this.#fire("memory");
    const { cpuTimeMs, spentElsewhere } = this.#options;
    const spentMs = this.cpuMs + (spentElsewhere?.() ?? 0);
    if (cpuTimeMs > 0 && spentMs >= cpuTimeMs && this.#grace === undefined) {
      this.#grace = setTimeout(() => this.#fire("cpu"), CPU_GRACE_MS);
    }
    const delay = Math.min(POLL_MS, this.memoryShare > 0.5 ? CLOSE_POLL_MS : POLL_MS);
    this.#poll = setTimeout(() => void this.#look(), delay);
  }

  #fire(limit: WatchedLimit): void {
    if (this.#stopped) return;
    this[Symbol.dispose]();
    this.#options.onLimit(limit);
  }
}
