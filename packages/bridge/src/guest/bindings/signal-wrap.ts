import type { InstallBinding } from "../realm.ts";

/**
 * `internalBinding('signal_wrap')` (src/signal_wrap.cc). Nobody but the run itself can signal it, and that ends it:
 * a handler can be installed and removed, and is never called.
 */
export const install: InstallBinding = (binding) => {
  class Signal {
    #referenced = true;
    #closed = false;

    /** @returns 0 */
    start(_signal: number): number {
      return 0;
    }

    stop(): number {
      return 0;
    }

    close(): void {
      this.#closed = true;
    }

    ref(): void {
      this.#referenced = true;
    }

    unref(): void {
      this.#referenced = false;
    }

    hasRef(): boolean {
      return this.#referenced && !this.#closed;
    }

    getAsyncId(): number {
      return 0;
    }
  }
  binding.Signal = Signal;
};
