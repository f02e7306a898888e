import { Library, libraryDirectory } from "@vivarium/bridge/library";
import { describe, expect, it } from "vitest";
import { commandLineFlags, engineFlags } from "./engine-flags.ts";
import { VALUE_OPTIONS } from "./value-options.ts";

describe("engineFlags()", () => {
  it("finds the allowed flags, however they are written", () => {
    expect(engineFlags(["--js-float16array", "--expose_gc", "--no-warnings"])).toEqual([
      "js-float16array",
      "expose-gc",
    ]);
  });

  it("lets the last word count", () => {
    expect(engineFlags(["--expose-gc", "--no-expose-gc"])).toEqual([]);
    expect(engineFlags(["--noexpose_gc", "--expose-gc"])).toEqual(["expose-gc"]);
  });

  it("leaves out flags that are not on the list, and values", () => {
    const others = [
      "--allow-natives-syntax",
      "--js-float16array=1",
      "--stack-size=9999999",
      "--harmony-struct",
      "-js-float16array",
    ];
    expect(engineFlags(others)).toEqual([]);
  });
});

describe("commandLineFlags()", () => {
  it("reads options up to the program", () => {
    expect(commandLineFlags(["--js-float16array", "main.js", "--expose-gc"])).toEqual(["js-float16array"]);
    expect(commandLineFlags(["--", "--expose-gc"])).toEqual([]);
    expect(commandLineFlags(["-", "--expose-gc"])).toEqual([]);
  });

  it("takes the value of an option for no program", () => {
    expect(commandLineFlags(["-r", "./a.js", "--env_file", ".env", "--expose-gc", "x.js"])).toEqual(["expose-gc"]);
    expect(commandLineFlags(["--require=./a.js", "x.js", "--expose-gc"])).toEqual([]);
    expect(commandLineFlags(["-e", "0", "--expose-gc"])).toEqual(["expose-gc"]);
  });
});

describe("VALUE_OPTIONS", () => {
  it("has the options of the pinned Node that take a value", () => {
    type Described = { readonly v: readonly (readonly [string, { readonly v: unknown }])[] };
    const { options, aliases } = (
      new Library(libraryDirectory).facts.cliOptionsInfo as { readonly v: { options: Described; aliases: Described } }
    ).v;
    // Types 3 to 7 of Node's table: numbers, texts, ports and lists.
    const named = options.v.filter(([, facts]) => (facts.v as { type: number }).type > 2).map(([name]) => name);
    const short = aliases.v.flatMap(([name, { v }]) => {
      const last = (v as string[]).at(-1) ?? "";
      return !/[ =]/.test(name) && named.includes(last) ? [name] : [];
    });
    // `--print` has a value where one follows.
    expect([...VALUE_OPTIONS].sort()).toEqual([...named, ...short, "--print", "-p"].sort());
  });
});
