import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { late } from "../late.ts";
import { cacheFile, compileProgram } from "./program.ts";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));

describe("the cell's program", () => {
  it.skipIf(process.platform === "win32")(
    "has a code cache from the build, and V8 takes it (none is made on Windows)",
    () => {
      expect(existsSync(cacheFile(dist))).toBe(true);
      expect(compileProgram(dist).script.cachedDataRejected).toBe(false);
    },
  );

  it("starts without the modules of Node that are loaded late", () => {
    const program = readFileSync(`${dist}/cell-program.cjs`, "latin1");
    const started = [...program.matchAll(/\brequire\("node:([a-z_]+)[^"]*"\)/g)].map(([, name]) => name);
    expect(started).toContain("fs");
    for (const name of Object.keys(late)) expect(started).not.toContain(name);
  });

  it("compiles without a cache", () => {
    expect(compileProgram(dist, true).script.cachedDataRejected).toBeUndefined();
  });
});
