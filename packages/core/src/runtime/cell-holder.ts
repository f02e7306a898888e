import { performance } from "node:perf_hooks";
import type { Limits } from "../limits/index.ts";
import type { CellProcess } from "./cell-process.ts";
import type { Driver, DriverSession } from "./driver.ts";
import { pool } from "./pool.ts";

/** The cell of one runtime: taken from the pool for its first run, kept while it is healthy, never given back. */
export class CellHolder implements AsyncDisposable {
  readonly #driver: Driver;
  readonly #poolSize: number;
  #session: Promise<DriverSession> | undefined;
  #cell: CellProcess | undefined;

  constructor(driver: Driver, poolSize: number) {
    this.#driver = driver;
    this.#poolSize = poolSize;
  }

  /** What the driver holds for this runtime, opened at its first use. */
  session(): Promise<DriverSession> {
    this.#session ??= this.#driver.open();
    return this.#session;
  }

  /** Starts warming cells, so that the first run finds one. */
  warm(): void {
    if (this.#poolSize > 0) setImmediate(() => pool.fill(this.#driver, this.#poolSize)).unref();
  }

  /** A cell that is booted and knows its driver; -> also how long that took, milliseconds. @throws CellStartError */
  async acquire(limits: Limits): Promise<{ readonly cell: CellProcess; readonly startMs: number }> {
    const started = performance.now();
    const kept = await this.#rested();
    if (kept !== undefined) return { cell: kept, startMs: performance.now() - started };
    const cell = pool.take(this.#driver);
    this.#cell = cell;
    const [session] = await Promise.all([this.session(), cell.ready]);
    const { permissions, lookup } = this.#driver;
    void cell.send({
      type: "prepare",
      driver: session.spec,
      permissions: permissions.wire,
      asksLookups: lookup !== undefined,
      limits,
    });
    return { cell, startMs: performance.now() - started };
  }

  /** The cell of the last run, if it has come through it. */
  async #rested(): Promise<CellProcess | undefined> {
    const cell = this.#cell;
    if (cell === undefined) return undefined;
    cell.hold(true);
    try {
      await cell.ready;
      return cell;
    } catch {
      await this.release(false);
      return undefined;
    }
  }

  /** After a run: keeps a healthy cell for the next one without keeping the embedder's process alive. */
  async release(healthy: boolean): Promise<void> {
    const cell = this.#cell;
    if (cell === undefined) return;
    if (healthy && cell.alive) {
      cell.rest();
      return cell.hold(false);
    }
    this.#cell = undefined;
    await cell[Symbol.asyncDispose]();
  }

  /** Ends the cell and what the driver holds. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.release(false);
    const session = this.#session;
    this.#session = undefined;
    await (await session?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }
}
