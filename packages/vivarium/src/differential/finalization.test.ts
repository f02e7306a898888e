import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential, type WrittenProgram } from "./differential.ts";

const program = (name: string): WrittenProgram => ({
  name,
  code: readFileSync(new URL(`programs/finalization/${name}`, import.meta.url), "utf8"),
  flags: ["--expose-gc", "--no-warnings"],
});

describe("what was collected", () => {
  const differential = new Differential({ compat: "full", nativeHelper: true });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it.each([
    ["finalization registries call back, in order with the loop", "registry.cjs", "after the loop"],
    ["an open FileHandle is closed with a warning", "file-handle.mjs", "DEP0137"],
    ["what a callback throws is nobody's but the program's", "throws.cjs", "exit 1"],
  ] as const)("%s", async (_fact, name, printed) => {
    const { host, sandbox } = await differential.compare(program(name));
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain(printed);
  });
});
