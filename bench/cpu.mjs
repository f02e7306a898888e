import { guest, interleave, ms, onNode, program, programFile, times } from "./measure.mjs";

/** Plain computation. */
export async function cpu() {
  const medians = await interleave(3, {
    ours: () => guest(program("nbody.cjs")),
    node: () => onNode(programFile("nbody.cjs")),
  });
  const share = medians.node / medians.ours;
  return [
    {
      what: "computation (n-body)",
      ours: ms(medians.ours),
      beside: `node ${ms(medians.node)}`,
      ratio: times(share),
      target: ">= 0.97 of node's speed",
      ok: share >= 0.97,
    },
  ];
}
