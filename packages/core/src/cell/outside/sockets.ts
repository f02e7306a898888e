import { SyscallFailure } from "../../errors/failure.ts";
import type { Limits } from "../../limits/index.ts";
import type { OutsideConnection } from "../../syscalls/driver.ts";
import type { CellStream } from "../cell-stream.ts";
import { BoundedStream } from "./bounded-stream.ts";
import { IdleClock } from "./idle-clock.ts";
import { overBudget } from "./over-budget.ts";
import { Traffic } from "./traffic.ts";

/** What bounds the connections of one run; 0 and what is left out: no bound. */
export type SocketLimits = Pick<Limits, "sockets"> &
  Partial<Pick<Limits, "connectTimeMs" | "idleTimeMs" | "networkBytes">>;

/** Counts the connections to the outside of one run, those under way among them, and keeps each within its bounds. */
export class Sockets {
  readonly traffic: Traffic;
  readonly #clock: IdleClock;
  readonly #connectTimeMs: number;
  readonly #idleTimeMs: number;
  readonly #most: number;
  #count = 0;

  constructor({ sockets, connectTimeMs = 0, idleTimeMs = 0, networkBytes = 0 }: SocketLimits) {
    this.#most = sockets;
    this.#connectTimeMs = connectTimeMs;
    this.#idleTimeMs = idleTimeMs;
    this.traffic = new Traffic(networkBytes);
    this.#clock = new IdleClock(idleTimeMs);
  }

  /** Takes a place for one. @throws SyscallFailure EMFILE where no more may be open */
  take(): void {
    if (this.#count >= this.#most) {
      throw new SyscallFailure("EMFILE", overBudget("sockets", this.#most));
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

  /** The stream of one that is open, within the run's bounds: giving it up makes room. */
  counted(stream: CellStream): CellStream {
    const silent = (): SyscallFailure => new SyscallFailure("ETIMEDOUT", overBudget("idleTimeMs", this.#idleTimeMs));
    return new BoundedStream(stream, {
      traffic: this.traffic,
      clock: this.#clock,
      silent,
      gone: this.closing(() => undefined),
    });
  }

  /** Connects in time, and counts what comes of it. @throws SyscallFailure EMFILE, ETIMEDOUT, what the driver says */
  async connect(connecting: (signal: AbortSignal) => Promise<OutsideConnection>): Promise<OutsideConnection> {
    return this.open(async () => {
      const connection = await inTime(this.#connectTimeMs, connecting);
      return { ...connection, stream: this.counted(connection.stream) };
    });
  }
}

/** Runs it until it is too late. */
async function inTime<T>(mostMs: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const aborter = new AbortController();
  const timer = mostMs === 0 ? undefined : setTimeout(() => aborter.abort(), mostMs);
  try {
    return await run(aborter.signal);
  } catch (error) {
    if (aborter.signal.aborted) throw new SyscallFailure("ETIMEDOUT", overBudget("connectTimeMs", mostMs));
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
