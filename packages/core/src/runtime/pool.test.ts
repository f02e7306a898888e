import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import { FAKE_CELL, fakeDriver, step } from "../testing/fake-driver.ts";
import { CellProcess } from "./cell-process.ts";
import { NodeRuntime } from "./node-runtime.ts";
import { closePool, pool } from "./pool.ts";

afterEach(closePool);

const options = { cellEntry: FAKE_CELL };
const isAlive = (pid: number | undefined): boolean => {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
};

describe("the pool", () => {
  it("hands out each cell once", async () => {
    pool.fill(options, 2);
    const cells = [pool.take(options), pool.take(options), pool.take(options)];
    expect(new Set(cells.map(({ pid }) => pid)).size).toBe(3);
    expect(pool.size).toBe(0);
    await Promise.all(cells.map((cell) => cell[Symbol.asyncDispose]()));
  });

  it("does not mix cells of different programs or Node binaries", async () => {
    pool.fill(options, 1);
    await using other = pool.take({ ...options, nodePath: "/nowhere/node" });
    expect(pool.size).toBe(1);
    await expect(other.ready).rejects.toMatchObject({ code: "ERR_SANDBOX_CELL_START" });
  });

  it("forgets a warm cell that died", async () => {
    pool.fill(options, 1);
    const cell = pool.take(options);
    await cell.ready;
    pool.fill(options, 1);
    expect(pool.size).toBe(1);
    await cell[Symbol.asyncDispose]();
    expect(isAlive(cell.pid)).toBe(false);
  });

  it("closePool() ends every waiting cell", async () => {
    pool.fill(options, 2);
    const before = pool.size;
    await closePool();
    expect([before, pool.size]).toEqual([2, 0]);
  });

  it("is refilled once a run has begun, and a runtime's cell never comes back", async () => {
    const runtime = new NodeRuntime({ driver: fakeDriver(), pool: { size: 1 } });
    await runtime.exec(step({ do: "exit", code: 0 }));
    expect(pool.size).toBe(1);
    await runtime.dispose();
    expect(pool.size).toBe(1);
  });

  /** Runs an embedder's program to its end. */
  const embedder = (rest: string) => {
    const script = `
      import { NodeRuntime } from ${JSON.stringify(new URL("./node-runtime.ts", import.meta.url).href)};
      import { closePool } from ${JSON.stringify(new URL("./pool.ts", import.meta.url).href)};
      import { fakeDriver, step } from ${JSON.stringify(new URL("../testing/fake-driver.ts", import.meta.url).href)};
      const runtime = new NodeRuntime({ driver: fakeDriver() });
      console.log((await runtime.exec(step({ do: "exit", code: 5 }))).code);
      ${rest}`;
    const flags = ["--conditions=@vivarium/source", "--no-warnings", "--input-type=module", "-e", script];
    const { stdout, stderr, status } = spawnSync(process.execPath, flags, { encoding: "utf8", timeout: 20_000 });
    return { stdout, stderr, status };
  };

  it("a program that forgot to dispose its runtime still ends", () => {
    expect(embedder("")).toEqual({ stdout: "5\n", stderr: "", status: 0 });
  });

  it("a program that waits for dispose() gets there", () => {
    const rest = `await runtime.dispose(); await closePool(); console.log("disposed");`;
    expect(embedder(rest)).toEqual({ stdout: "5\ndisposed\n", stderr: "", status: 0 });
  });
});

describe("CellProcess", () => {
  it("a program that cannot start says what it wrote", async () => {
    await using cell = new CellProcess({ cellEntry: "/nowhere/cell.js" });
    await expect(cell.ready).rejects.toMatchObject({
      code: "ERR_SANDBOX_CELL_START",
      message: expect.stringContaining("Cannot find module"),
    });
  });
});
