import { readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { closePool, createNodeDriver, NodeRuntime } from "../index.ts";

afterAll(closePool);

const WARM_UP = 100;
const RUNS = 400;
const MiB = 1024 * 1024;
/** Per-run garbage of 400 runs that a collection has not given back to the system yet, MiB. */
const RSS_DRIFT_MIB = 40;
const HEAP_DRIFT_MIB = 4;

const descriptors = (): number => (process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0);

/** Resources of the event loop by kind; vitest's own pipes are among them, the same before and after. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function childProcesses(): number {
  if (process.platform !== "linux") return 0;
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && parentOf(name) === process.pid).length;
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    // It ended between the listing and the look.
    return undefined;
  }
}

/** The ways a sandbox can come to its end. */
const PROGRAMS = [
  "console.log('hello'); module.exports = 1;",
  "setTimeout(() => process.exit(3), 1);",
  "throw new Error('x');",
  "t.echo(new Uint8Array(1000)).then(() => {});",
  "require('fs').writeFileSync('/tmp/a', 'x'.repeat(1e5)); t.never();  setTimeout(() => process.exit(0), 1);",
] as const;

async function once(index: number): Promise<void> {
  const runtime = new NodeRuntime({
    driver: createNodeDriver({ permissions: { fs: { write: ["/tmp/**"] } } }),
    bindings: { t: { echo: async (value: unknown) => value, never: () => new Promise(() => {}) } },
  });
  const { outcome } = await runtime.exec(PROGRAMS[index % PROGRAMS.length] as string, {
    filePath: "/app/main.cjs",
    onStdio: () => {},
    limits: { cpuTimeMs: 5000 },
  });
  expect(outcome).toBe("exit");
  await runtime.dispose();
}

/** Two at a time: as many as the small machines this runs on have processors. */
async function many(count: number): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await once(next++);
  };
  await Promise.all([worker(), worker()]);
}

/** What stays when nothing is under way: garbage collected, the pool closed. */
async function settled() {
  await closePool();
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    descriptors: descriptors(),
    resources: resources(),
    children: childProcesses(),
    rss: rss / MiB,
    heap: heapUsed / MiB,
  };
}

describe("500 sandboxes one after the other", () => {
  it("leave no process, descriptor, timer or memory behind", { timeout: 120_000 }, async () => {
    const { setFlagsFromString } = await import("node:v8");
    const { runInNewContext } = await import("node:vm");
    setFlagsFromString("--expose-gc");
    globalThis.gc = runInNewContext("gc") as NonNullable<typeof globalThis.gc>;
    await many(WARM_UP);
    const before = await settled();
    await many(RUNS);
    const after = await settled();
    expect(after.descriptors).toBe(before.descriptors);
    expect(after.resources).toEqual(before.resources);
    expect([before.children, after.children]).toEqual([0, 0]);
    expect(after.heap - before.heap).toBeLessThan(HEAP_DRIFT_MIB);
    expect(after.rss - before.rss).toBeLessThan(RSS_DRIFT_MIB);
  });
});
