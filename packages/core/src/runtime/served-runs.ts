import type { Duplex } from "node:stream";
import { type HostConnections, NotServedError } from "./host-connections.ts";

/** Finds the run that a connection from the embedder is meant for: the one under way, or the next one asked for. */
export class ServedRuns {
  #current: HostConnections | undefined;
  #expected = 0;
  #waiting: ((run: HostConnections | undefined) => void)[] = [];

  /** A run was asked for. -> to be called when it is over, however it went */
  expect(): () => void {
    this.#expected += 1;
    return () => {
      this.#expected -= 1;
      this.#current = undefined;
      if (this.#expected === 0) this.#tell(undefined);
    };
  }

  /** A run has begun. */
  begin(run: HostConnections): void {
    this.#current = run;
    this.#tell(run);
  }

  /** @throws NotServedError */
  async connect(port: number, signal?: AbortSignal): Promise<Duplex> {
    const run = this.#current ?? (this.#expected > 0 ? await this.#next(signal) : undefined);
    if (run === undefined) throw new NotServedError(port);
    return run.connect(port, signal);
  }

  #next(signal: AbortSignal | undefined): Promise<HostConnections | undefined> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#waiting.push(resolve);
    });
  }

  #tell(run: HostConnections | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(run);
  }
}
