import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { limitTable } from "@vivarium/core";
import { describe, expect, it } from "vitest";
import { runOptions } from "./cli/options.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const readme = readFileSync(here("../../../README.md"), "utf8");

/** The code block after each `<!-- test -->`, and the output promised in the next `text` block, if that comes next. */
function examples(language: string): readonly { readonly code: string; readonly prints: string | undefined }[] {
  const pattern = new RegExp(
    `<!-- test -->\n\`\`\`${language}\n(.*?)\`\`\`\n(?:\\s*(?:prints\\s+)?\`\`\`text\n(.*?)\`\`\`)?`,
    "gs",
  );
  return [...readme.matchAll(pattern)].map(([, code = "", prints]) => ({ code, prints }));
}

describe("README", () => {
  const programs = examples("ts");

  it("has an example of the SDK and one of the one-line entry", () => {
    expect(programs.map(({ code }) => /new NodeRuntime|await sandbox/.exec(code)?.[0])).toEqual([
      "new NodeRuntime",
      "await sandbox",
    ]);
  });

  for (const [index, { code, prints }] of programs.entries()) {
    it(`its program ${index + 1} prints what it says`, () => {
      // The built package, as a program in the workspace's folder finds it.
      const flags = ["--disable-warning=ExperimentalWarning", "--input-type=module-typescript"];
      const child = spawnSync(process.execPath, [...flags, "-e", code], { cwd: here("../../.."), encoding: "utf8" });
      expect(child.stderr).toBe("");
      expect(child.stdout).toBe(prints);
    });
  }

  it("its commands print what it says", () => {
    const cli = here("../dist/cli.js");
    if (!existsSync(cli)) throw new Error("the command is not built: npm run build");
    const folder = mkdtempSync(join(tmpdir(), "vivarium-readme-"));
    const shell = `vivarium() { ${JSON.stringify(process.execPath)} ${JSON.stringify(cli)} "$@"; }\n`;
    try {
      const sessions = examples("console");
      expect(sessions.length).toBeGreaterThan(0);
      for (const { code } of sessions) {
        const steps = code.split(/^\$ /m).slice(1);
        for (const step of steps) {
          const [command = "", ...lines] = step.trimEnd().split("\n");
          const child = spawnSync("sh", ["-c", `${shell}${command} 2>&1`], { cwd: folder, encoding: "utf8" });
          // Of an uncaught error the README shows the host's line only.
          const shown = lines.join("\n");
          const printed = child.stdout.split("\n").filter((line) => line.startsWith("vivarium:"));
          expect(shown.startsWith("vivarium:") ? printed.join("\n") : child.stdout.trimEnd(), command).toBe(shown);
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("its table of limits is the product's", () => {
    const [, table = ""] = /<!-- limits -->\n((?:\|.*\n)+)/.exec(readme) ?? [];
    const rows = Object.entries(limitTable).map(
      ([name, { default: value, unit, canBeOff }]) =>
        `| \`${name}\` | ${value} | ${unit} | ${canBeOff ? "yes" : "no"} |`,
    );
    expect(table.trim().split("\n").slice(2)).toEqual(rows);
  });

  it("names every option of the command that changes what a program may do", () => {
    const named = new Set([...readme.matchAll(/`--([\w-]+)`/g)].map(([, name]) => name));
    const own = ["eval", "print", "require", "help", "version", "log-level"];
    const expected = Object.keys(runOptions).filter((name) => !own.includes(name));
    expect(expected.filter((name) => !named.has(name))).toEqual([]);
  });
});
