import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const pages = ["README.md", ...globSync("docs/**/*.md", { cwd: root })];
const read = (page: string): string => readFileSync(join(root, page), "utf8");

/** Paths from the repository's root, as texts name them; not those with a placeholder or pattern in them. */
const PATH = /(?<![\w./>-])(?:packages|docs|scripts|fixtures|bench)\/[\w@./-]*(?![\w*<{-])/g;
const LINK = /\]\(([^)#:]+)(?:#[^)]*)?\)/g;

const missing = (paths: readonly string[]): readonly string[] =>
  paths.filter((path) => !existsSync(resolve(root, path)));

describe("the documents", () => {
  it("are there", () => {
    expect(pages).toEqual(expect.arrayContaining(["docs/architecture.md", "docs/glossary.md", "docs/threat-model.md"]));
  });

  for (const page of pages) {
    it(`${page} names no file that does not exist`, () => {
      const text = read(page);
      const paths = [...text.matchAll(PATH)].filter(
        ({ 0: path, index }) => !/[*<{]/.test(text[index + path.length] ?? ""),
      );
      expect(missing(paths.map(([path]) => path.replace(/[.]$/, "")))).toEqual([]);
      const links = [...text.matchAll(LINK)].map(([, target = ""]) => join(dirname(page), target));
      expect(missing(links)).toEqual([]);
    });
  }

  it("every row of the threat model names a defence's file and a test, or says why there is none", () => {
    const rows = read("docs/threat-model.md")
      .split("\n")
      .filter((line) => line.startsWith("| ") && !line.startsWith("| Vector"))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    expect(rows.length).toBeGreaterThan(20);
    for (const [, vector, defence, file = "", test = ""] of rows) {
      expect(defence, vector).not.toBe("");
      expect(file, vector).toMatch(/^`packages\/.*\.(?:ts|h)`$/);
      expect(test, vector).toMatch(/^(?:`packages\/.*\.test\.ts`|none: .+)$/);
    }
  });

  it("every word of the glossary stands once", () => {
    const words = [...read("docs/glossary.md").matchAll(/^\| \*\*([\w ]+)\*\* \|/gm)].map(([, word]) => word);
    expect(words.length).toBeGreaterThan(30);
    expect(new Set(words).size).toBe(words.length);
  });
});
