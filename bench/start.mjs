import { createNodeDriver } from "../packages/node-driver/src/index.ts";
import { pool } from "../packages/core/src/runtime/pool.ts";
import { closePool } from "../packages/vivarium/src/index.ts";
import { interleave, median, ms, node, rawIsolate, sandboxOf, sleep, timed, times } from "./measure.mjs";

const PROGRAM = "module.exports = 6 * 7";
const RUN = { filePath: "/app/main.cjs" };
const ROUNDS = 15;

/** From the call to the result of the first program; then of a second one on the same runtime. */
async function firstAndSecond() {
  const runtime = sandboxOf();
  try {
    const first = await timed(() => runtime.run(PROGRAM, RUN));
    // The cell makes its next isolate after it has reported: a second call at once waits for that.
    const atOnce = await timed(() => runtime.run(PROGRAM, RUN));
    await sleep(50);
    const rested = await timed(() => runtime.run(PROGRAM, RUN));
    if (first.value.exports !== 42 || rested.value.exports !== 42) throw new Error("wrong result");
    return { first: first.ms, atOnce: atOnce.ms, rested: rested.ms };
  } finally {
    await runtime.dispose();
  }
}

/** Start to first result: with a booted cell waiting, and with none. Second runs on a live runtime. */
export async function start() {
  const seconds = { atOnce: [], rested: [] };
  const driver = createNodeDriver({ moduleAccess: false });
  const raw = await rawIsolate();
  const medians = await interleave(ROUNDS, {
    warm: async () => {
      pool.fill(driver, 1);
      // Nothing says when a waiting cell has booted: this is long enough on a slow machine.
      await sleep(400);
      const { first, atOnce, rested } = await firstAndSecond();
      seconds.atOnce.push(atOnce);
      seconds.rested.push(rested);
      return first;
    },
    cold: async () => {
      await closePool();
      return (await firstAndSecond()).first;
    },
    node: async () => (await timed(() => node(["-e", "0"]))).ms,
  });
  const rested = median(seconds.rested);
  return [
    {
      what: "start, a booted cell waiting",
      ours: ms(medians.warm),
      beside: `raw isolated-vm ${ms(raw.first)}`,
      ratio: times(medians.warm / raw.first),
      target: "<= 3 ms and <= 2.5x",
      ok: medians.warm <= 3 && medians.warm <= 2.5 * raw.first,
    },
    {
      what: "start, new process",
      ours: ms(medians.cold),
      beside: `node -e 0 ${ms(medians.node)}`,
      ratio: times(medians.cold / medians.node),
      target: "<= 2.5x",
      ok: medians.cold <= 2.5 * medians.node,
    },
    { what: "second run, after a pause", ours: ms(rested), target: "<= 3 ms", ok: rested <= 3 },
    { what: "second run, at once", ours: ms(median(seconds.atOnce)) },
  ];
}
