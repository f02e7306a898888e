import { createNodeDriver } from "../packages/node-driver/src/index.ts";
import { pool } from "../packages/core/src/runtime/pool.ts";
import { closePool } from "../packages/vivarium/src/index.ts";
import { guest, interleave, ms, node, sleep, timed, times } from "./measure.mjs";

const COUNT = 50;
const TIMER = "setTimeout(() => {}, 50)";

const all = (start) => Promise.all(Array.from({ length: COUNT }, start));

/** Fifty sandboxes at once, each waiting for a timer. */
export async function many() {
  const medians = await interleave(3, {
    warm: async () => {
      pool.fill(createNodeDriver({ moduleAccess: false }), COUNT);
      // Fifty processes boot on two cores.
      await sleep(6000);
      return (await timed(() => all(() => guest(TIMER)))).ms;
    },
    cold: async () => {
      await closePool();
      return (await timed(() => all(() => guest(TIMER)))).ms;
    },
    node: async () => (await timed(() => all(() => node(["-e", TIMER])))).ms,
  });
  const beside = `${COUNT} node processes ${ms(medians.node)}`;
  return [
    { what: `${COUNT} x 50 ms timer, booted cells`, ours: ms(medians.warm), beside, ratio: times(medians.warm / medians.node), target: "<= 400 ms", ok: medians.warm <= 400 },
    { what: `${COUNT} x 50 ms timer, new processes`, ours: ms(medians.cold), beside, ratio: times(medians.cold / medians.node) },
  ];
}
