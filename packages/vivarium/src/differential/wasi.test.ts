import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

const read = (name: string): string => readFileSync(new URL(`programs/wasi/${name}`, import.meta.url), "utf8");
const files = { "bench.cjs": read("bench.cjs"), "assemble.cjs": read("assemble.cjs") };

describe.each([["with the native helper", true] as const, ["without it", false] as const])(
  "wasi, %s",
  (_mode, nativeHelper) => {
    const differential = new Differential({ compat: "full", nativeHelper });
    afterAll(async () => {
      await differential.close();
      await closePool();
    });

    it.each([
      ["descriptors: reading, writing, seeking, rights, times, and what does not fit", "files.cjs", "bad seeks"],
      ["paths: looking up, links, making, moving, removing, listing", "paths.cjs", "symlinks wrong"],
      ["the program: arguments, variables, clocks, polling, descriptors given over", "system.cjs", "input's end"],
      ["WebAssembly modules do the same", "modules.cjs", "hello from wasm"],
      ["a program that replaced built-ins changes nothing", "tampered.cjs", "path_open 0"],
    ] as const)("%s", async (_fact, name, printed) => {
      const { host, sandbox } = await differential.compare({ code: read(name), name, files, flags: ["--no-warnings"] });
      expect(sandbox).toEqual(host);
      expect(host.stdout).toContain(printed);
    });
  },
);
