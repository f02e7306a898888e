import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorTable } from "./error-table.ts";

const root = join(import.meta.dirname, "../../../..");
const page = readFileSync(join(root, "docs/errors.md"), "utf8");
const codes = errorTable.map(({ code }) => code);

/** Each heading's code -> the text below it. */
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section): [string, string] => [section.slice(0, section.indexOf("\n")).replaceAll("`", ""), section]),
);

function* sources(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && entry.name !== "node_modules" && entry.name !== "dist") yield* sources(path);
    else if (/\.(?:ts|cjs|mjs|js)$/.test(entry.name) && !/\.test\.ts$/.test(entry.name)) yield path;
  }
}

describe("docs/errors.md", () => {
  it("has a heading for every code and no other", () => {
    expect([...sections.keys()].sort()).toEqual([...codes].sort());
  });

  it.each(errorTable)("tells the meaning and the cure of $code", ({ code, meaning, cure }) => {
    expect(sections.get(code)).toContain(meaning);
    expect(sections.get(code)).toContain(cure);
  });
});

describe("errorTable", () => {
  it("names each code once", () => {
    expect(new Set(codes).size).toBe(codes.length);
  });

  it("has every code that stands in the sources (a new one needs an entry in errors/codes.ts or tiers/registry.ts)", () => {
    const found = new Map<string, string>();
    for (const path of sources(join(root, "packages")))
      for (const [code] of readFileSync(path, "utf8").matchAll(/ERR_SANDBOX_[A-Z0-9]+(?:_[A-Z0-9]+)*(?![\w$<])/g))
        found.set(code, path);
    expect(found.size).toBeGreaterThan(5);
    expect([...found].filter(([code]) => !codes.includes(code))).toEqual([]);
  });
});
