import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { libraryDirectory } from "@vivarium/bridge/library";
import { describe, expect, it } from "vitest";
import { helperName } from "./engine.ts";

const helper = path.join(libraryDirectory, helperName());

/** What a process of its own prints: loading the helper ties a process to its parent. */
const print = (code: string): string =>
  execFileSync(
    process.execPath,
    ["-e", `const host = {}; process.dlopen({ exports: host }, process.argv[1]); ${code}`, helper],
    {
      encoding: "utf8",
    },
  );

describe.skipIf(!existsSync(helper))("the helper in the cell (skipped without a C++ compiler)", () => {
  it("mapFile() gives a file's bytes", () => {
    const code = `console.log(Buffer.from(host.mapFile(helper)).equals(require("fs").readFileSync(helper)));`;
    expect(print(`const helper = process.argv[1]; ${code}`)).toBe("true\n");
  });

  it("mapFile() leaves the file alone when its buffer is written to", () => {
    const code = `new Uint8Array(host.mapFile(helper))[0] ^= 255; console.log(new Uint8Array(host.mapFile(helper))[0]);`;
    expect(print(`const helper = process.argv[1]; ${code}`)).toBe("127\n");
  });

  it("mapFile() gives nothing for a file that is missing or empty, and for a folder", () => {
    const code = `console.log(host.mapFile("/none"), host.mapFile("/dev/null"), host.mapFile("/"), host.mapFile());`;
    expect(print(code)).toBe("undefined undefined undefined undefined\n");
  });

  it("shrink() gives the garbage of Node's heap back to the system", () => {
    const code = `
      let garbage = [];
      for (let i = 0; i < 300_000; i++) garbage.push({ i });
      const used = process.memoryUsage().heapUsed;
      garbage = undefined;
      host.shrink();
      console.log(process.memoryUsage().heapUsed < used / 2);
    `;
    expect(print(code)).toBe("true\n");
  });
});
