/** One callback for the guest to run, in the async context it belongs to. */
export interface Unit {
  readonly run: () => void;
  readonly frame: unknown;
}

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
  /**
   * Callbacks of finalization registries, with the native helper only. Nothing waits for them; they run before the loop
   * rests or ends (`SpinEventLoop` of src/api/embed_helpers.cc).
   */
  nextCleanup?: () => Unit | undefined;
}

/** The callback of an operation that is done, waiting for the poll phase. */
export interface Completion {
  readonly run: () => void;
  /** The async context the operation was started in. */
  readonly frame: unknown;
  /** The iteration in which it was queued. */
  readonly queued: number;
  /** It keeps nobody alive, and runs only where something else does. */
  readonly isOffer?: boolean;
}
