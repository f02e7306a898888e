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

  /** Runs what opens one at once. @throws SyscallFailure EMFILE where no more may be open */
  openNow<T>(open: () => T): T {
    this.take();
    try {
      return open();
    } catch (error) {
      this.#count -= 1;
      throw error;
    }
  }

  /** Runs what opens one. @throws SyscallFailure EMFILE where no more may be open */
  async open<T>(connect: () => Promise<T>): Promise<T> {
    this.take();
    try {
      return await connect();
    } catch (error) {
      this.#count -= 1;
      throw error;
    }
  }

  /** What closes one that is open and makes room, once. */
  closing(close: () => void): () => void {
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.#count -= 1;
      close();
    };
  }

  /** The stream of one that is open: closing it makes room. */
  counted(stream: CellStream): CellStream {
    const makeRoom = this.closing(() => undefined);
    return {
      read: () => stream.read(),
      ...(stream.listen && { listen: (sink) => stream.listen?.(sink), unlisten: () => stream.unlisten?.() }),
      write: (data) => stream.write(data),
      writeNow: (data) => stream.writeNow?.(data) ?? 0,
      shutdown: () => stream.shutdown(),
      shutdownNow: () => stream.shutdownNow?.() ?? false,
      close() {
        makeRoom();
        stream.close();
      },
      reset() {
        makeRoom();
        (stream.reset ?? stream.close).call(stream);
      },
    };
  }
}
