import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

const program = (name: string) => ({ file: fileURLToPath(new URL(`programs/fs-edges/${name}`, import.meta.url)) });

describe("edges of fs in memory", () => {
  const differential = new Differential({ compat: "full" });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it.each([
    ["names that are not UTF-8 keep their bytes", "names.cjs", "eda080"],
    ["recursive mkdir makes what the path leaves again", "mkdir.cjs", "b/c/../../n"],
    ["descriptors that only read change what may be changed", "read-only.cjs", "NotReadableError"],
  ] as const)("%s", async (_fact, name, printed) => {
    const { host, sandbox } = await differential.compare(program(name));
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain(printed);
  });
});
