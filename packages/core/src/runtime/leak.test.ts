import { readdirSync } from "node:fs";
import { afterAll, describe, expect, it, vi } from "vitest";
import { fakeDriver, step } from "../testing/fake-driver.ts";
import { NodeRuntime } from "./node-runtime.ts";
import { closePool } from "./pool.ts";

afterAll(closePool);

const RUNS = 40;
const PATIENCE = { timeout: 10_000, interval: 10 };
const descriptors = () => (process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0);
const processes = () => process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;

/** A sandbox from start to end, by one of the ways it can end. */
async function once(index: number): Promise<void> {
  const runtime = new NodeRuntime({ driver: fakeDriver(), pool: { size: 0 } });
  const ways = [
    () => runtime.exec(step({ do: "exit", code: 0 })),
    () => runtime.exec(step({ do: "die", signal: "SIGKILL" })),
    () => runtime.exec(step({ do: "loop", print: "x" }), { onStdio: () => void runtime.dispose() }),
    () => runtime.exec(step({ do: "stdin", sync: false }), { stdin: "text" }),
  ];
  await ways[index % ways.length]?.();
  await runtime.dispose();
}

describe("sandboxes one after the other", () => {
  it("leave no process or descriptor behind, however they end", async () => {
    for (let index = 0; index < 4; index++) await once(index);
    await vi.waitUntil(() => processes() === 0, PATIENCE);
    const before = descriptors();
    for (let index = 0; index < RUNS; index++) await once(index);
    // A killed process is gone when the kernel says so, a moment after dispose() is through.
    await vi.waitUntil(() => processes() === 0, PATIENCE);
    expect(descriptors()).toBe(before);
  });
});
