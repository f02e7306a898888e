import { type EventLoopUtilization, performance } from "node:perf_hooks";

/** How long a cell must have been quiet before it gives back what booting used: that takes a moment, which no run wants. */
const QUIET_MS = 250;
/** The share of that time in which a quiet cell may have been at work. */
const MOST_WORK = 0.1;

/** Has memory given back, once, when a cell has had next to nothing to do for a while. */
export class Shrinking {
  readonly #timer: NodeJS.Timeout;
  #since: EventLoopUtilization = performance.eventLoopUtilization();

  constructor(shrink: () => void) {
    this.#timer = setInterval(() => {
      const isBusy = performance.eventLoopUtilization(this.#since).utilization > MOST_WORK;
      this.#since = performance.eventLoopUtilization();
      // A program that is served by sockets hears nothing from its supervisor and may be as busy as can be.
      if (isBusy) return;
      clearInterval(this.#timer);
      shrink();
    }, QUIET_MS).unref();
  }

  /** Something has come up: not yet. */
  postpone(): void {
    this.#since = performance.eventLoopUtilization();
    this.#timer.refresh();
  }
}
