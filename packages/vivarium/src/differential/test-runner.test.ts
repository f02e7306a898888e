import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`programs/test-runner/${name}`, import.meta.url)), "utf8");

/** Durations are the one thing two runs do not share. */
const timeless = (text: string): string =>
  text.replaceAll(/duration_ms:? [\d.]+/g, "duration_ms N").replaceAll(/\([\d.]+ms\)/g, "(N ms)");

describe("node:test", () => {
  const differential = new Differential({ compat: "full" });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });
  const program = { code: read("suite.mjs"), name: "suite.mjs", files: { "reporter.mjs": read("reporter.mjs") } };

  it("tells the same events", async () => {
    const { host, sandbox } = await differential.compare({ ...program, flags: ["--test-reporter=./reporter.mjs"] });
    expect(timeless(sandbox.stdout)).toBe(timeless(host.stdout));
    expect(sandbox.stderr).toBe(host.stderr);
    expect(host.stdout).toContain("test:fail");
    expect(host.code).toBe(1);
  });

  it.each(["spec", "tap", "dot"])("prints the same with the reporter %s", async (reporter) => {
    const { host, sandbox } = await differential.compare({ ...program, flags: [`--test-reporter=${reporter}`] });
    expect(timeless(sandbox.stdout)).toBe(timeless(host.stdout));
    expect(sandbox.code).toBe(host.code);
  });
});
