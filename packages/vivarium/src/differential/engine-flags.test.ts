import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

const code = (name: string): string => readFileSync(new URL(`programs/engine-flags/${name}`, import.meta.url), "utf8");

describe.each([["with the native helper", true] as const, ["without it", false] as const])(
  "V8's flags on a command line, %s",
  (_mode, nativeHelper) => {
    const differential = new Differential({ compat: "full", nativeHelper });
    afterAll(async () => {
      await differential.close();
      await closePool();
    });
    const compare = async (name: string, ...flags: string[]) => {
      const { host, sandbox } = await differential.compare({ code: code(name), flags });
      expect(sandbox).toEqual(host);
      return host.stdout;
    };

    it("give a run, its children and its threads what Node gives them", async () => {
      expect(await compare("float16.cjs", "--js-float16array")).toContain("thread: function");
    });

    it("are there for that run and for none after it", async () => {
      const language = [
        "--js-regexp-modifiers",
        "--js_regexp_duplicate_named_groups",
        "--harmony-intl-duration-format",
      ];
      expect(await compare("language.cjs", ...language)).toContain("duplicate groups b");
      expect(await compare("language.cjs")).toContain("Invalid group");
      expect(await compare("language.cjs", "--expose-gc", "--expose_externalize_string")).toContain("[ 'function'");
      expect(await compare("language.cjs")).toContain("[ 'undefined'");
    });

    it("let a serializer's user write Node's own objects", async () => {
      expect(await compare("wrappers.cjs")).toContain("Unserializable host object");
    });
  },
);

describe("flags that are not on the list", () => {
  it("change nothing", async () => {
    const differential = new Differential({ compat: "full" });
    const program =
      "try { eval('%DebugPrint(1)'); console.log('natives'); } catch (error) { console.log(error.name); }";
    const { sandbox } = await differential.compare({ code: program, flags: ["--allow-natives-syntax"] });
    await differential.close();
    await closePool();
    expect(sandbox).toEqual({ stdout: "SyntaxError\n", stderr: "", code: 0 });
  });
});
