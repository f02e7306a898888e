import { CellProcess } from "./cell-process.ts";
import type { CellOptions } from "./spawn-cell.ts";

/** Cells that are booted, or booting, and have seen neither a driver's options nor guest code. */
class CellPool {
  readonly #idle = new Map<string, CellProcess[]>();

  /** Starts cells in the background until `size` are waiting. They do not keep the embedder's process alive. */
  fill(options: CellOptions, size: number): void {
    const cells = this.#cellsOf(options);
    while (cells.length < size) {
      const cell = new CellProcess(options);
      cell.hold(false);
      cells.push(cell);
      void cell.exited.then(() => this.#forget(cells, cell));
    }
  }

  /** A cell for one runtime alone: a waiting one, else a new one. It is the caller's from here. */
  take(options: CellOptions): CellProcess {
    const cell = this.#cellsOf(options).find((each) => each.alive);
    if (cell === undefined) return new CellProcess(options);
    this.#forget(this.#cellsOf(options), cell);
    cell.hold(true);
    return cell;
  }

  /** How many cells wait, of all options. */
  get size(): number {
    return [...this.#idle.values()].reduce((total, cells) => total + cells.length, 0);
  }

  /** Ends every waiting cell. */
  async close(): Promise<void> {
    const cells = [...this.#idle.values()].flat();
    this.#idle.clear();
    await Promise.all(cells.map((cell) => cell[Symbol.asyncDispose]()));
  }

  #cellsOf({ nodePath = process.execPath, cellEntry }: CellOptions): CellProcess[] {
    const key = JSON.stringify([nodePath, cellEntry]);
    const cells = this.#idle.get(key) ?? [];
    this.#idle.set(key, cells);
    return cells;
  }

  #forget(cells: CellProcess[], cell: CellProcess): void {
    const index = cells.indexOf(cell);
    if (index >= 0) cells.splice(index, 1);
  }
}

/** The embedder's one pool: runtimes of equal drivers share their warm cells. */
export const pool: CellPool = new CellPool();

/** Ends all warm cells; for tests and orderly shutdowns. An idle pool keeps no process alive by itself. */
export const closePool = (): Promise<void> => pool.close();
