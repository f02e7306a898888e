import type { Limits } from "../../limits/index.ts";
import type { CellProcess } from "../cell-process.ts";
import type { Driver, DriverSession } from "../driver.ts";
import { pool } from "../pool.ts";

/** Cells for the child processes of one run. They are its alone: one that ran a child may run the next one. */
export class ChildCells implements AsyncDisposable {
  readonly #driver: Driver;
  readonly #session: () => Promise<DriverSession>;
  readonly #limits: Limits;
  readonly #poolSize: number;
  readonly #idle: CellProcess[] = [];

  constructor(driver: Driver, session: () => Promise<DriverSession>, limits: Limits, poolSize: number) {
    this.#driver = driver;
    this.#session = session;
    this.#limits = limits;
    this.#poolSize = poolSize;
  }

  /** A cell that knows it has no files of its own. @throws CellStartError */
  async acquire(): Promise<CellProcess> {
    for (let kept = this.#idle.pop(); kept !== undefined; kept = this.#idle.pop()) {
      try {
        await kept.ready;
        return kept;
      } catch {
        await kept[Symbol.asyncDispose]();
      }
    }
    const cell = pool.take(this.#driver);
    if (this.#poolSize > 0) setImmediate(() => pool.fill(this.#driver, this.#poolSize)).unref();
    const [session] = await Promise.all([this.#session(), cell.ready]);
    const { permissions, lookup } = this.#driver;
    const driver = session.childSpec ?? session.spec;
    void cell.send({
      type: "prepare",
      driver,
      permissions: permissions.wire,
      asksLookups: lookup !== undefined,
      limits: this.#limits,
      remoteFiles: true,
    });
    return cell;
  }

  /** After a run: keeps a healthy cell. */
  release(cell: CellProcess, healthy: boolean): void {
    if (!healthy || !cell.alive) return void cell[Symbol.asyncDispose]();
    cell.rest();
    this.#idle.push(cell);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((cell) => cell[Symbol.asyncDispose]()));
  }
}
