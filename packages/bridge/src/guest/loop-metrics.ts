/** What libuv counts about a loop (`uv_metrics_info`, `uv_metrics_idle_time`). Times are of the cell's clock, milliseconds. */
export class LoopMetrics {
  readonly #clock: () => number;
  /** Iterations begun, the first being 1. */
  iterations = 0;
  /** Callbacks of the poll phase that ran. */
  events = 0;
  #idle = 0;
  #restsSince = 0;
  /** Called once, when the main program is through and the loop begins; and when nothing is left for it. */
  onBegin: () => void = () => {};
  onEnd: () => void = () => {};

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Nothing is to be done until time has passed or the host has an answer. */
  rest(): void {
    this.#restsSince = this.#clock();
  }

  /** Whoever wants to look at something between two callbacks. */
  onWake: (() => void) | undefined;

  wake(): void {
    this.onWake?.();
    if (this.#restsSince === 0) return;
    this.#idle += this.#clock() - this.#restsSince;
    this.#restsSince = 0;
  }

  idle(): number {
    return this.#idle;
  }
}
