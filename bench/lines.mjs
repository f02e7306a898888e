import { sandboxOf, interleave, ms, node, program, programFile, timed, times } from "./measure.mjs";

const LINES = 100_000;

/** Much output in small pieces, read to its end. */
export async function lines() {
  const medians = await interleave(3, {
    ours: async () => {
      let count = 0;
      const runtime = sandboxOf({
        onStdio: ({ data }) => {
          for (const byte of data) if (byte === 10) count++;
        },
      });
      const { ms: took, value } = await timed(() => runtime.exec(program("lines.cjs"), { filePath: "/app/main.cjs" }));
      await runtime.dispose();
      if (value.code !== 0 || count !== LINES) throw new Error(`${count} lines, code ${value.code}`);
      return took;
    },
    node: async () => {
      const { ms: took, value } = await timed(() => node([programFile("lines.cjs")]));
      if (value.split("\n").length !== LINES + 1) throw new Error("lines are missing");
      return took;
    },
  });
  const ratio = medians.ours / medians.node;
  return [
    { what: "100,000 lines of console.log", ours: ms(medians.ours), beside: `node ${ms(medians.node)}`, ratio: times(ratio), target: "<= 2x node", ok: ratio <= 2 },
  ];
}
