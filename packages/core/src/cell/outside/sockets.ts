import { SyscallFailure } from "../../errors/failure.ts";
import type { CellStream } from "../streams.ts";

/** Counts the connections to the outside of one run, those under way among them. */
export class Sockets {
  readonly #most: number;
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes a place for one. @throws SyscallFailure EMFILE where no more may be open */
  take(): void {
    if (this.#count >= this.#most) {
      const detail = `${this.#most} connections are open; raise it with options.limits.sockets`;
      throw new SyscallFailure("EMFILE", { sandboxCode: "ERR_SANDBOX_BUDGET_EXCEEDED", detail });
    }
    this.#count += 1;
  }

  /** Runs what opens one, in a place of its own. */
  async open<T>(connect: () => Promise<T>): Promise<T> {
    this.take();
    try {
      return await connect();
    } catch (error) {
      this.#count -= 1;
      throw error;
    }
  }

  /** The stream of one that is open: closing it makes room. */
  counted(stream: CellStream): CellStream {
    let isOpen = true;
    const closed = (): void => {
      if (isOpen) this.#count -= 1;
      isOpen = false;
    };
    return {
      read: () => stream.read(),
      write: (data) => stream.write(data),
      writeNow: (data) => stream.writeNow?.(data) ?? 0,
      shutdown: () => stream.shutdown(),
      shutdownNow: () => stream.shutdownNow?.() ?? false,
      close() {
        closed();
        stream.close();
      },
      reset() {
        closed();
        (stream.reset ?? stream.close).call(stream);
      },
    };
  }
}
