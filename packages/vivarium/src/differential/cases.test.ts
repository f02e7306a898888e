import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CASE_GROUPS } from "./case-groups.ts";
import { readCases } from "./cases.ts";

describe("the tables of differential cases", () => {
  const modules = Object.values(CASE_GROUPS).flat();

  it("are each run by one test file", () => {
    const tables = readdirSync(new URL("programs/cases", import.meta.url)).map((name) => name.replace(/\.js$/, ""));
    expect([...modules].sort()).toEqual(tables.sort());
    const files = readdirSync(new URL(".", import.meta.url)).filter((name) => /^cases-\w+\.test\.ts$/.test(name));
    expect(files.sort()).toEqual(
      Object.keys(CASE_GROUPS)
        .map((group) => `cases-${group}.test.ts`)
        .sort(),
    );
  });

  it("have at least 320 cases, each with a title of its own and a program", () => {
    const cases = modules.flatMap((module) =>
      readCases(module).map((of) => ({ ...of, title: `${module}: ${of.title}` })),
    );
    expect(cases.length).toBeGreaterThanOrEqual(320);
    expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
    expect(cases.filter(({ code }) => code.trim() === "")).toEqual([]);
  });

  it("give a case its flags, arguments, name and files", () => {
    const [reread] = readCases("modules-esm").filter(({ title }) => title.startsWith("the type of a package"));
    expect(reread).toMatchObject({ name: "program.js", flags: [], args: [] });
    expect(Object.keys(reread?.files ?? {})).toContain("plain/package.json");
    expect(readCases("process").find(({ args }) => args.length > 0)?.args).toEqual(["one", "--two=3", "-x"]);
  });
});
