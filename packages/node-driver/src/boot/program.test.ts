import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
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

  it("compiles without a cache", () => {
    expect(compileProgram(dist, true).script.cachedDataRejected).toBeUndefined();
  });
});
