import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { guest, interleave, ms, node, onNode, program, programFile, times } from "./measure.mjs";

const PERMISSIONS = { fs: true, env: ["BENCH_DIR"] };
/** A folder whose packages include zod. */
const PROJECT = fileURLToPath(new URL("../packages/core", import.meta.url));

/** One program on a memory mount, on a host mount and on host Node. */
async function onMounts(file, rounds) {
  const folder = mkdtempSync(path.join(tmpdir(), "vivarium-bench-"));
  const env = { BENCH_DIR: "/data" };
  const host = { guest: "/data", kind: "host", host: folder, mode: "rw" };
  const memory = { guest: "/data", kind: "memory" };
  const inside = (mount) => () =>
    guest(program(file), { driver: { permissions: PERMISSIONS, mounts: [mount] }, run: { env } });
  try {
    return await interleave(rounds, {
      memory: inside(memory),
      host: inside(host),
      native: () => onNode(programFile(file), { env: { BENCH_DIR: folder } }),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Small synchronous operations: write, read and stat of 1 KiB. */
export async function fs() {
  const { memory, host, native } = await onMounts("fs-ops.cjs", 5);
  const us = (value) => `${value.toFixed(1)} us`;
  const beside = `node ${us(native)}`;
  return [
    { what: "file operation, memory mount", ours: us(memory), beside, ratio: times(memory / native), target: "<= 10 us", ok: memory <= 10 },
    { what: "file operation, host mount", ours: us(host), beside, ratio: times(host / native), target: "<= 2x node", ok: host <= 2 * native },
  ];
}

/** Whole files of 10 MiB. */
export async function read() {
  const { memory, host, native } = await onMounts("fs-read.cjs", 5);
  const speed = (value) => `${value.toFixed(0)} MB/s`;
  const beside = `node ${speed(native)}`;
  const row = (what, value) => ({ what, ours: speed(value), beside, ratio: times(value / native), target: ">= 1000 MB/s", ok: value >= 1000 });
  return [row("big reads, memory mount", memory), row("big reads, host mount", host)];
}

/** Loading a package of many files through the overlay. */
export async function require() {
  const run = { filePath: "/app/main.cjs" };
  const medians = await interleave(5, {
    ours: () => guest(program("require-zod.cjs"), { driver: { moduleAccess: { cwd: PROJECT } }, run }),
    node: async () => {
      const code = `${program("require-zod.cjs")}; process.stdout.write(String(module.exports))`;
      return Number(await node(["--input-type=commonjs", "-e", code], { cwd: PROJECT }));
    },
  });
  const ratio = medians.ours / medians.node;
  return [
    { what: "require zod", ours: ms(medians.ours), beside: `node ${ms(medians.node)}`, ratio: times(ratio), target: "<= 1.2x node", ok: ratio <= 1.2 },
  ];
}
