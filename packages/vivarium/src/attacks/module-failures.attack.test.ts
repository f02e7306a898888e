import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack } from "../testing/attack.ts";

afterAll(closePool);

const limits = { memoryMiB: 64, cpuTimeMs: 1000, wallTimeMs: 5000 };
const options = { limits, nativeHelper: false, compat: "full" } as const;

const module = (source: string): string => JSON.stringify(`data:text/javascript,${encodeURIComponent(source)}`);

/** The cell asks modules under way how they stand, and copies what they have thrown. */
describe("modules that fail, without the native helper", () => {
  it("one that throws what never lets itself be read ends at its limit", async () => {
    const hostile = module("throw { get message() { for (;;); } };");
    const run = await attack(`import(${hostile}).catch(() => console.log("never"));`, options);
    expect(["timeout", "cpu-limit"]).toContain(run.result.outcome);
    expect(run.stdout).toBe("");
  });

  it("what throws while it is read is an empty object", async () => {
    const hostile = module("throw new Proxy({}, { get(_, key) { throw new Error(String(key)); } });");
    const run = await attack(`import(${hostile}).catch((reason) => console.log(Object.keys(reason)));`, options);
    expect(run.stdout).toBe("[]\n");
  });

  it("rejections without end beside modules that never end are over at a limit", async () => {
    const waiting = module("await new Promise(() => {});");
    const run = await attack(
      `process.on("unhandledRejection", () => Promise.reject(1));
      for (let i = 0; i < 200; i++) void import(${waiting} + "//" + i);
      setTimeout(() => Promise.reject(0), 50);`,
      options,
    );
    expect(["timeout", "cpu-limit", "memory"]).toContain(run.result.outcome);
  });
});
