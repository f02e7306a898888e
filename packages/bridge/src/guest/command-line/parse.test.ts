import { describe, expect, it } from "vitest";
import { checkOptions } from "./check.ts";
import { applyEngineFlags } from "./engine-flags.ts";
import { splitNodeOptions } from "./environment.ts";
import { type OptionFacts, type OptionTable, OptionType } from "./option-table.ts";
import { emptyOptions, parseOptions } from "./parse.ts";

const option = (type: number, allowed = true): OptionFacts => ({
  type,
  envVarSettings: allowed ? 0 : 1,
  defaultIsTrue: false,
});

/** A part of Node's own table. */
const table: OptionTable = {
  options: new Map([
    ["--eval", option(OptionType.string, false)],
    ["--print", option(OptionType.boolean, false)],
    ["--warnings", option(OptionType.boolean)],
    ["--require", option(OptionType.list)],
    ["--max-http-header-size", option(OptionType.unsigned)],
    ["--check", option(OptionType.boolean, false)],
  ]),
  aliases: new Map([
    ["-e", ["--eval"]],
    ["-p", ["--print"]],
    ["-pe", ["--print", "--eval"]],
    ["--print <arg>", ["-pe"]],
    ["-r", ["--require"]],
    ["-c", ["--check"]],
  ]),
};

function parse(args: readonly string[], isEnvironment = false) {
  const into = emptyOptions();
  const split = parseOptions(table, args, into, isEnvironment);
  return { ...into, values: { ...into.values }, ...split };
}

describe("parseOptions()", () => {
  it("splits Node's options from the program and its arguments", () => {
    const { values, execArgv, rest } = parse(["--no_warnings", "-r", "a", "--require=b", "x.js", "-p", "--", "y"]);
    expect(values).toEqual({ "--warnings": false, "--require": ["a", "b"] });
    expect([execArgv, rest]).toEqual([
      ["--no_warnings", "-r", "a", "--require=b"],
      ["x.js", "-p", "--", "y"],
    ]);
  });

  it("follows aliases of aliases: -p takes code only where some follows", () => {
    expect(parse(["-p", "1"]).values).toEqual({ "--print": true, "--eval": "1", "[has_eval_string]": true });
    expect(parse(["-p", "-r", "m"]).values).toEqual({ "--print": true, "--require": ["m"] });
  });

  it("ends the options at -- and at -, and keeps neither as an option", () => {
    expect(parse(["-p", "1", "--", "-a"])).toMatchObject({ execArgv: ["-p", "1"], rest: ["-a"] });
    expect(parse(["-", "-a"])).toMatchObject({ execArgv: [], rest: ["-", "-a"] });
  });

  it("takes a value that begins with a hyphen only when it is escaped", () => {
    expect(parse(["-e", "-1"]).errors).toEqual(["-e requires an argument"]);
    expect(parse(["-e", "\\-1"]).values).toMatchObject({ "--eval": "-1" });
    expect(parse(["--eval="]).errors).toEqual(["--eval= requires an argument"]);
  });

  it("leaves to V8 what Node does not know, and refuses what cannot be negated", () => {
    expect(parse(["--harmony", "x.js"])).toMatchObject({ engine: ["--harmony"], rest: ["x.js"] });
    expect(parse(["--no-eval"]).errors).toEqual([
      "--no-eval is an invalid negation because it is not a boolean option",
    ]);
  });

  it("keeps options out of NODE_OPTIONS that are not for it", () => {
    expect(parse(["--require", "a", "--max-http-header-size=9"], true).values).toEqual({
      "--require": ["a"],
      "--max-http-header-size": 9,
    });
    for (const [args, name] of [
      [["-e", "1"], "-e"],
      [["--foo=1"], "--foo="],
      [["--"], "--"],
    ] as const) {
      expect(parse(args, true).errors).toEqual([`${name} is not allowed in NODE_OPTIONS`]);
    }
  });
});

describe("checkOptions()", () => {
  it("refuses what cannot be asked for together", () => {
    const options = emptyOptions();
    parseOptions(table, ["-c", "-e", "1"], options, false);
    checkOptions(options, undefined);
    expect(options.errors).toEqual(["either --check or --eval can be used, not both"]);
  });
});

describe("applyEngineFlags()", () => {
  const flags = { "expose-gc": "bool", "stack-trace-limit": "int", opt: "bool" };

  it("turns flags that mean something into options, and accepts the others", () => {
    const options = { ...emptyOptions(), engine: ["--expose_gc", "--stack-trace-limit=3", "--no-opt", "--noopt"] };
    expect(applyEngineFlags(flags, options)).toBe("");
    expect({ ...options.values }).toEqual({ "--expose-gc": true, "--stack-trace-limit": 3 });
    expect(options.errors).toEqual([]);
  });

  it("names what V8 does not know either, and values of the wrong kind", () => {
    const options = { ...emptyOptions(), engine: ["--no-such", "--stack-trace-limit=x", "--constructor"] };
    expect(applyEngineFlags(flags, options)).toContain("illegal value for flag --stack-trace-limit=x of type int");
    expect(options.errors).toEqual([
      "bad option: --no-such",
      "bad option: --stack-trace-limit=x",
      "bad option: --constructor",
    ]);
  });
});

describe("splitNodeOptions()", () => {
  it("splits at spaces outside quotes; a backslash counts inside them", () => {
    expect(splitNodeOptions('  --a  "--b=c d" --e"f\\"g"\\h').words).toEqual(["--a", "--b=c d", '--ef"g\\h']);
  });

  it("says what is wrong with quotes", () => {
    expect(splitNodeOptions('"a').error).toBe("invalid value for NODE_OPTIONS (unterminated string)\n");
    expect(splitNodeOptions('"a\\').error).toBe("invalid value for NODE_OPTIONS (invalid escape)\n");
  });
});
