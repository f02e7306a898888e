import { spawn } from "node:child_process";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { interleave, ms, sandboxOf, sleep, times } from "./measure.mjs";

const BURN = "for (;;);";
const BURNING = 4;
const WINDOW_MS = 1500;

/** p99 of the host's event-loop delay over the window, beyond the timer's own resolution. */
async function delayDuring() {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await sleep(WINDOW_MS);
  histogram.disable();
  return histogram.percentile(99) / 1e6;
}

/** How long the embedder's own work waits while four guests burn CPU. */
export async function delay() {
  const medians = await interleave(3, {
    ours: async () => {
      const runtimes = Array.from({ length: BURNING }, () => sandboxOf({ limits: { cpuTimeMs: 0 } }));
      const runs = runtimes.map((runtime) => runtime.exec(BURN));
      await sleep(500);
      const p99 = await delayDuring();
      await Promise.all(runtimes.map((runtime) => runtime.dispose()));
      await Promise.all(runs);
      return p99;
    },
    node: async () => {
      const children = Array.from({ length: BURNING }, () => spawn(process.execPath, ["-e", BURN], { stdio: "ignore" }));
      await sleep(500);
      const p99 = await delayDuring();
      for (const child of children) child.kill("SIGKILL");
      return p99;
    },
    idle: delayDuring,
  });
  return [
    {
      what: `host event-loop delay p99, ${BURNING} burning`,
      ours: ms(medians.ours),
      beside: `node ${ms(medians.node)}; idle ${ms(medians.idle)}`,
      ratio: times(medians.ours / medians.node),
      target: "<= 15 ms",
      ok: medians.ours <= 15,
    },
  ];
}

const MEMORY_MIB = 64;
const BOMBS = {
  "typed arrays": "const a = []; for (;;) a.push(new Uint8Array(1 << 20).fill(1));",
  "growing Map": "const m = new Map(); for (let i = 0; ; i++) m.set(i, [i, String(i)]);",
  "objects": "let o; for (;;) o = { o, a: new Array(100).fill(1.5) };",
};
const LOOPS = {
  "empty loop": "for (;;);",
  "microtask loop": "const again = () => Promise.resolve().then(again); again();",
  "regular expression": '/^(a+)+$/.test("a".repeat(40) + "b")',
  "one huge BigInt": "(1n << (2n ** 26n)).toString()",
  "host calls": 'const fs = require("fs"); for (;;) fs.existsSync("/x");',
};
const CPU_MS = 300;

/** How far past its limit a run gets before it is ended, CPU and memory. */
export async function overshoot() {
  const over = [];
  for (const [name, code] of Object.entries(LOOPS)) {
    const runtime = sandboxOf({ limits: { cpuTimeMs: CPU_MS } });
    const { outcome, usage } = await runtime.exec(code);
    await runtime.dispose();
    if (outcome !== "timeout") throw new Error(`${name} ended with ${outcome}`);
    // CPU time and not the clock's: on a busy machine a run waits for its turn.
    over.push([name, Math.max(0, usage.cpuMs - CPU_MS)]);
  }
  const rows = over.map(([name, value]) => ({
    what: `past ${CPU_MS} ms of CPU: ${name}`,
    ours: ms(value),
    target: "<= 250 ms, never 1 s",
    ok: value <= 250,
  }));
  const budget = 3 * MEMORY_MIB + 60;
  for (const [name, code] of Object.entries(BOMBS)) {
    const runtime = sandboxOf({ limits: { memoryMiB: MEMORY_MIB } });
    const { outcome, error, usage } = await runtime.exec(code);
    await runtime.dispose();
    // An allocation that V8 refuses is an error of the guest's, and an end as good.
    if (outcome !== "memory" && error?.name !== "RangeError") throw new Error(`${name} ended with ${outcome}`);
    rows.push({
      what: `peak RSS at ${MEMORY_MIB} MiB: ${name}`,
      ours: `${usage.rssMiB.toFixed(0)} MiB`,
      target: `<= ${budget} MiB (3x + 60)`,
      ok: usage.rssMiB <= budget,
    });
  }
  return rows;
}
