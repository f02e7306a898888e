import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

const program = (name: string) => ({ file: fileURLToPath(new URL(`programs/small-print/${name}`, import.meta.url)) });

describe("the small print, with the native helper", () => {
  const differential = new Differential({ nativeHelper: true, compat: "full" });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it.each([
    ["histogram.cjs", "histograms count, round and refuse", "RangeError ERR_OUT_OF_RANGE"],
    ["contexts.cjs", "async resources and stores go where they go", "uncaught onSettled"],
    ["promise-hooks.cjs", "promise hooks see what a program makes", "looking: 0, made: 2"],
    ["values.cjs", "values, errors and time zones are", "Central European Summer Time"],
  ])("%s: %s as on Node", async (name, _, marker) => {
    const { host, sandbox } = await differential.compare(program(name));
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain(marker);
    expect(host.code).toBe(0);
  });
});

describe("the small print, without the native helper", () => {
  const differential = new Differential({ nativeHelper: false, compat: "full" });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it("histogram.cjs: histograms are as on Node", async () => {
    const { host, sandbox } = await differential.compare(program("histogram.cjs"));
    expect(sandbox).toEqual(host);
  });
});
