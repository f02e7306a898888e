import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

const program = (name: string) => ({ file: fileURLToPath(new URL(`programs/fs-watch/${name}`, import.meta.url)) });

describe.each([
  ["in a host folder", "here"],
  ["in memory", "temporary"],
] as const)("watching, %s", (_, place) => {
  const differential = new Differential({ compat: "full" });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it.each([
    ["tells of the same changes in the same order", "events.cjs", "done"],
    ["has the same forms, refusals and lifetimes", "forms.mjs", "keep the program alive"],
  ] as const)("%s", async (_fact, name, printed) => {
    const { host, sandbox } = await differential.compare(program(name), [place]);
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain(printed);
  });
});
