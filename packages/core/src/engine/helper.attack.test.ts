import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { libraryDirectory } from "@vivarium/bridge/library";
import { describe, expect, it } from "vitest";
import { helperName } from "./engine.ts";

const FUZZ = fileURLToPath(new URL("../testing/fuzz-helper.mjs", import.meta.url));
const file = join(libraryDirectory, helperName());
const CALLS = 5000;

const fuzz = async (seed: number): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [FUZZ, file, String(seed), String(CALLS)], {
    env: {},
  });
  return stdout;
};

describe("the native helper", () => {
  if (existsSync(file)) {
    it.each([1, 2, 3, 9])(`survives ${CALLS} calls with wrong values, seed %i`, async (seed) => {
      // What nobody catches, V8 prints before it.
      expect(await fuzz(seed)).toMatch(new RegExp(`(?:\\d+ functions, ${CALLS} calls|stopped)$`));
    });
  } else {
    it("is not there: without a C++ compiler there is nothing to attack", () => {
      expect(existsSync(file)).toBe(false);
    });
  }
});
