import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

const program = (name: string) => ({ file: fileURLToPath(new URL(`programs/${name}`, import.meta.url)) });

// Without the helper V8 does not tell whose rejection it is while a module awaits.
describe.each([
  ["with the native helper", { nativeHelper: true }],
  ["without the native helper", { nativeHelper: false, env: { WITHOUT_REJECTIONS: "1" } }],
] as const)("everything at once, %s", (_, options) => {
  const differential = new Differential(options);
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it.each(["everything.cjs", "everything.mjs"])(
    "%s mixes timers, ticks, promises, streams, async contexts, files and an uncaught error, and prints the same bytes",
    async (name) => {
      const { host, sandbox } = await differential.compare(program(name));
      expect(sandbox).toEqual(host);
      expect(host.code).toBe(1);
      expect(host.stdout).toContain("exit 1");
    },
  );
});
