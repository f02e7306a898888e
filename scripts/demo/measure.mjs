// What the demo and the benchmarks measure with.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Milliseconds `work` takes. */
export async function timed(work) {
  const started = performance.now();
  const value = await work();
  return { ms: performance.now() - started, value };
}

/** Resident and proportional memory of a process, MiB, or nothing where there is no /proc. */
export function memoryOf(pid) {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
    const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(rollup)[1]) / 1024;
    return { rss: field("Rss"), pss: field("Pss") };
  } catch {
    return undefined;
  }
}

/** The embedder's own pulse: the longest pause between two beats, milliseconds. */
export class Heartbeat {
  #last = performance.now();
  #timer = setInterval(() => this.#beat(), 5);
  beats = 0;
  longestMs = 0;

  #beat() {
    const now = performance.now();
    this.longestMs = Math.max(this.longestMs, now - this.#last);
    this.#last = now;
    this.beats++;
  }

  stop() {
    this.#beat();
    clearInterval(this.#timer);
    return this;
  }
}

/** Runs a program on the host's own Node; -> what it printed. */
export function onHost(args, cwd) {
  const child = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  return { stdout: child.stdout, stderr: child.stderr, code: child.status };
}
