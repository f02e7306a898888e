import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Library, libraryDirectory } from "@vivarium/bridge/library";
import ivm from "isolated-vm";
import { describe, expect, it } from "vitest";
import { FEWER_RUNTIME_FUNCTIONS } from "./runtime-functions.ts";
import { buildSnapshot } from "./snapshot.ts";
import { warmUpScript } from "./warm-up.ts";

const FUZZ = fileURLToPath(new URL("../testing/fuzz-runtime-functions.mjs", import.meta.url));

const fuzz = async (rounds: number, flags: readonly string[]): Promise<string> => {
  const args = ["--conditions=@vivarium/source", "--no-node-snapshot", "--disable-warning=ExperimentalWarning"];
  const { stdout } = await promisify(execFile)(process.execPath, [...args, ...flags, FUZZ, String(rounds)]);
  return stdout;
};

describe("V8's runtime functions", () => {
  it.each([
    ["as a cell runs", 20_000, []],
    ["while all code is thrown away that may be", 5000, ["--stress-flush-code"]],
    ["while V8 collects all the time", 300, ["--gc-interval=200"]],
    ["while objects move", 300, ["--stress-compaction", "--gc-interval=2000"]],
    ["compiled at once", 5000, ["--always-sparkplug"]],
    ["optimised always", 2000, ["--always-turbofan"]],
  ] as const)("take what they are given for nothing it is not, %s", async (_, rounds, flags) => {
    expect(await fuzz(rounds, flags)).toBe(`${rounds} rounds`);
  });

  it("may be missing: a guest then gets along without", () => {
    const snapshot = buildSnapshot(new Library(libraryDirectory), FEWER_RUNTIME_FUNCTIONS);
    const isolate = new ivm.Isolate({ snapshot: new ivm.ExternalCopy(snapshot) });
    try {
      expect(isolate.createContextSync().evalSync(warmUpScript(new Library(libraryDirectory)))).toBe(0);
    } finally {
      isolate.dispose();
    }
  });
});
