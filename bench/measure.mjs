// What every benchmark measures with. All times are milliseconds.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { createNodeDriver, NodeRuntime } from "../packages/vivarium/src/index.ts";

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds `work` takes; -> also what it gave. */
export async function timed(work) {
  const started = performance.now();
  const value = await work();
  return { ms: performance.now() - started, value };
}

/** How many rounds at most, where whoever compares two trees goes back and forth between them often instead. */
const MOST_ROUNDS = Number(process.env.BENCH_ROUNDS ?? Number.POSITIVE_INFINITY);

/** Runs every contender once a round, in turn, so that a slow moment of the machine hits all; -> the medians by name. */
export async function interleave(rounds, contenders) {
  const names = Object.keys(contenders);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round++) {
    for (const name of names) samples[name].push(await contenders[name]());
  }
  return Object.fromEntries(names.map((name) => [name, median(samples[name])]));
}

export const programFile = (name) => fileURLToPath(new URL(`programs/${name}`, import.meta.url));
export const program = (name) => readFileSync(programFile(name), "utf8");

/** A sandbox with nothing but memory files, or with `driver` options; no cells are warmed for it unless asked. */
export function sandboxOf({ driver = {}, ...options } = {}) {
  return new NodeRuntime({
    driver: createNodeDriver({ moduleAccess: false, ...driver }),
    pool: { size: 0 },
    ...options,
  });
}

/** Runs `code` in a sandbox of its own; -> what it exports. Throws when it fails. */
export async function guest(code, { limits, run = {}, ...options } = {}) {
  const runtime = sandboxOf({ limits: { cpuTimeMs: 0, ...limits }, ...options });
  try {
    const result = await runtime.run(code, { filePath: "/app/main.cjs", ...run });
    if (result.code !== 0) throw new Error(`the guest ended with ${result.outcome} ${result.code}: ${result.error?.stack}`);
    return result.exports;
  } finally {
    await runtime.dispose();
  }
}

/** Starts a Node process and waits for its end; -> what it printed. */
export async function node(args, options = {}) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
  let out = "";
  child.stdout?.setEncoding("utf8").on("data", (text) => {
    out += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with ${code}`);
  return out;
}

/** What a program that exports a value exports when host Node runs it. */
export const onNode = async (file, options) =>
  JSON.parse(await node(["-p", `JSON.stringify(require(${JSON.stringify(file)}))`], options));

/** One figure out of a fresh isolate of raw isolated-vm, in a process of its own. */
export async function rawIsolate() {
  const ivm = createRequire(new URL("../packages/core/package.json", import.meta.url)).resolve("isolated-vm");
  return JSON.parse(await node(["--no-node-snapshot", programFile("raw-isolate.cjs"), ivm]));
}

/** Proportional and resident memory of a process, MiB; nothing where there is no /proc. */
export function memoryOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
    const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)[1]) / 1024;
    return { pss: field("Pss"), rss: field("Rss") };
  } catch {
    return undefined;
  }
}

/** A logger that notes the pids of the cells that runs get. */
export function pidLogger(pids) {
  return { debug: ({ pid }) => pid !== undefined && pids.push(pid), info() {}, warn() {}, error() {} };
}

export const ms = (value) => `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
export const times = (value) => `${value.toFixed(2)}x`;
