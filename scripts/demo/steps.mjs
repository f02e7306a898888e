// What the demo shows, one function a step. Every line is a measurement or the real output; a step throws when the
// product does not do what the step says.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { closePool, createNodeDriver, NodeRuntime } from "../../packages/vivarium/src/index.ts";
import { Heartbeat, median, memoryOf, onHost, timed } from "./measure.mjs";
import { screen } from "./screen.mjs";

/** A project that has zod among its dependencies. */
const PROJECT = fileURLToPath(new URL("../../packages/core", import.meta.url));
const WARM_STARTS = 5;
const COLD_STARTS = 5;

const ms = (value) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
const MiB = (value) => `${value.toFixed(0)} MiB`;

/** Runs a program in a sandbox of its own; -> how it ended, with what it printed and what was decided. */
async function run(code, { driver = {}, ...options } = {}) {
  const printed = { stdout: "", stderr: "" };
  const decisions = [];
  const runtime = new NodeRuntime({
    driver: createNodeDriver({ moduleAccess: false, ...driver }),
    onStdio: ({ channel, data }) => {
      printed[channel] += Buffer.from(data).toString();
    },
    onDecision: (decision) => void decisions.push(decision),
    pool: { size: 0 },
    ...options,
  });
  try {
    const { ms: took, value } = await timed(() => runtime.exec(code, { filePath: "/app/main.mjs" }));
    return { ...value, ...printed, decisions, took };
  } finally {
    await runtime.dispose();
  }
}

const denialOf = ({ decisions }) => decisions.find(({ allowed }) => !allowed);

export async function npmPackage() {
  screen.step(1, "An npm package, unmodified, on Node's own library");
  const program = `
import { z } from "zod";
const User = z.object({ name: z.string().min(1), age: z.number().int().positive() });
const seen = new Map([["ada", User.parse({ name: "Ada", age: 36 })]]);
console.log(process.version, seen);
console.log(User.safeParse({ name: "", age: -1.5 }).error.issues.map((i) => i.message));
setTimeout(() => console.log("...and timers"), 10);
`;
  screen.code(program);
  const inside = await run(program, { driver: { moduleAccess: { cwd: PROJECT } } });
  screen.output(inside.stdout + inside.stderr);
  assert.equal(inside.code, 0);
  const host = onHost(["--input-type=module", "-e", program], PROJECT);
  assert.equal(inside.stdout, host.stdout);
  assert.match(inside.stdout, /Ada/);
  screen.fact(`byte for byte what node ${process.version} prints on the host (${ms(inside.took)})`);
}

export async function deniedRead() {
  screen.step(2, "A file of the host");
  const folder = mkdtempSync(path.join(tmpdir(), "vivarium-demo-"));
  const file = path.join(folder, "secret.txt");
  writeFileSync(file, "the host's secret");
  const program = `
import { readFileSync } from "node:fs";
try { console.log(readFileSync(${JSON.stringify(file)}, "utf8")); }
catch (error) { console.log(error.message); console.log(error.code, error.sandboxCode); }
`;
  screen.code(program);
  const denied = await run(program).finally(() => rmSync(folder, { recursive: true }));
  screen.refused(denied.stdout.trimEnd().replace("\n", "\n     "));
  assert.match(denied.stdout, /^EACCES: permission denied, open .*\nEACCES ERR_SANDBOX_FS_DENIED\n$/);
  assert.doesNotMatch(denied.stdout, /the host's secret/);
  const { cure } = denialOf(denied) ?? {};
  assert.ok(cure);
  screen.fact(`the host is told what would allow it: ${cure}`);
}

export async function deniedConnection() {
  screen.step(3, "A connection, a command, and the host's environment");
  let connections = 0;
  const canary = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise((resolve) => canary.listen(0, "127.0.0.1", resolve));
  const { port } = canary.address();
  const program = `
import { execFileSync } from "node:child_process";
try { await fetch("http://127.0.0.1:${port}/"); console.log("connected"); }
catch ({ message, cause }) { console.log(message + ":", cause.message); }
try { console.log(execFileSync("id")); } catch ({ message }) { console.log(message); }
console.log("HOME:", process.env.HOME, " variables:", Object.keys(process.env).length);
`;
  screen.code(program);
  const denied = await run(program).finally(() => canary.close());
  for (const line of denied.stdout.trimEnd().split("\n")) screen.refused(line);
  assert.equal(denied.code, 0, denied.stderr);
  const lines = denied.stdout.split("\n");
  assert.ok(lines[0].startsWith(`fetch failed: connect EACCES 127.0.0.1:${port}`), lines[0]);
  assert.match(lines[1], /EACCES/);
  assert.match(lines[2], /HOME: undefined {2}variables: 0/);
  assert.equal(connections, 0);
  const denials = denied.decisions.filter(({ allowed }) => !allowed);
  assert.deepEqual([...new Set(denials.map(({ domain }) => domain))], ["network", "childProcess"]);
  screen.fact(`the server that waits there saw ${connections} connections; the host is told what would allow each:`);
  for (const { cure } of denials) screen.output(cure);
}

export async function endlessLoop() {
  screen.step(4, "An endless loop");
  const program = 'console.log("spinning"); for (;;) {}';
  screen.code(program);
  const limit = 300;
  const heart = new Heartbeat();
  const stopped = await run(program, { limits: { cpuTimeMs: limit } });
  heart.stop();
  screen.output(stopped.stdout);
  assert.equal(stopped.outcome, "timeout");
  assert.equal(stopped.code, 124);
  screen.refused(`${stopped.error.message} (${stopped.error.code}), exit code ${stopped.code}`);
  screen.fact(
    `limit ${limit} ms, used ${ms(stopped.usage.cpuMs)}; the host's own pulse never paused longer than ${ms(heart.longestMs)}`,
  );
}

export async function memoryBomb() {
  screen.step(5, "A memory bomb");
  const program = "const m = new Map(); for (let i = 0; ; i++) m.set(i, [i, String(i)]);";
  screen.code(program);
  const memoryMiB = 64;
  const before = process.memoryUsage.rss();
  const heart = new Heartbeat();
  // A sibling sandbox is at work all the while.
  const [bomb, sibling] = await Promise.all([
    run(program, { limits: { memoryMiB } }),
    run(
      "let n = 0; const t = setInterval(() => { if (++n === 20) { clearInterval(t); console.log(`sibling: ${n} ticks`); } }, 10);",
    ),
  ]);
  heart.stop();
  const grown = Math.max(0, process.memoryUsage.rss() - before) / 2 ** 20;
  assert.equal(bomb.outcome, "memory");
  assert.equal(bomb.code, 137);
  assert.equal(sibling.code, 0);
  screen.refused(`${bomb.error.message} (${bomb.error.code}), exit code ${bomb.code}`);
  screen.output(sibling.stdout);
  screen.fact(
    `limit ${memoryMiB} MiB, its process peaked at ${MiB(bomb.usage.rssMiB)} and is gone; the host grew by ${MiB(grown)}, ` +
      `${heart.beats} heartbeats, longest pause ${ms(heart.longestMs)}`,
  );
}

/** From the call to the result of a first program in a new sandbox, milliseconds. */
async function start() {
  const runtime = new NodeRuntime({ driver: createNodeDriver({ moduleAccess: false }), pool: { size: 0 } });
  try {
    const { ms: took, value } = await timed(() => runtime.run("module.exports = 6 * 7", { filePath: "/app/main.cjs" }));
    assert.equal(value.exports, 42);
    return took;
  } finally {
    await runtime.dispose();
  }
}

export async function figures() {
  screen.step(6, "What a sandbox costs");
  let memory;
  const measure = new NodeRuntime({
    driver: createNodeDriver({ moduleAccess: false }),
    logger: {
      debug: ({ pid }) => {
        if (pid !== undefined) measure.pid = pid;
      },
      info() {},
      warn() {},
      error() {},
    },
    bindings: {
      measure: () => {
        memory = memoryOf(measure.pid);
      },
    },
    pool: { size: WARM_STARTS },
  });
  const idle = await measure.exec("measure()").finally(() => measure.dispose());
  assert.equal(idle.code, 0);
  // Cells warm up in the background and say nothing: two cores need a moment for as many.
  await new Promise((resolve) => setTimeout(resolve, 120 * WARM_STARTS));
  const warm = [];
  for (let i = 0; i < WARM_STARTS; i++) warm.push(await start());
  await closePool();
  const cold = [];
  const node = [];
  for (let i = 0; i < COLD_STARTS; i++) {
    cold.push(await start());
    node.push((await timed(() => onHost(["-e", "0"]))).ms);
  }
  screen.fact(`from call to result with a cell waiting: ${ms(median(warm))} (median of ${WARM_STARTS})`);
  screen.fact(`with a new process: ${ms(median(cold))}; plain \`node -e 0\` takes ${ms(median(node))} here`);
  if (memory)
    screen.fact(`memory of a live sandbox: ${MiB(memory.rss)} resident, ${MiB(memory.pss)} its own share (PSS)`);
}
