import { readFileSync } from "node:fs";
import type { WrittenProgram } from "./differential.ts";

/** One behaviour, probed by a short program of its own. */
export interface Case extends WrittenProgram {
  readonly title: string;
  readonly args: readonly string[];
}

const TITLE = "//// ";
const DIRECTIVE = /^\/\/: (name|flags|args|file) (.+)$/;

/**
 * The cases of `programs/cases/<module>.js`. A line `//// title` begins a case. In it may stand `//: name program.mjs`,
 * `//: flags --of-node`, `//: args of the program`, and at its end `//: file a/b.js`, each followed by that file.
 */
export function readCases(module: string): Case[] {
  const text = readFileSync(new URL(`programs/cases/${module}.js`, import.meta.url), "utf8");
  return `\n${text}`.split(`\n${TITLE}`).slice(1).map(parseCase);
}

function parseCase(text: string): Case {
  const [title = "", ...lines] = text.split("\n");
  const options = new Map<string, string>();
  const files = new Map<string, string[]>([["", []]]);
  let file = "";
  for (const line of lines) {
    const directive = DIRECTIVE.exec(line);
    if (directive === null) {
      files.get(file)?.push(line);
      continue;
    }
    const [, word = "", rest = ""] = directive;
    if (word !== "file") options.set(word, rest);
    else {
      file = rest;
      files.set(file, []);
    }
  }
  const words = (name: string) => options.get(name)?.split(" ") ?? [];
  const { "": code = "", ...beside } = Object.fromEntries([...files].map(([name, of]) => [name, of.join("\n")]));
  return {
    title,
    code,
    name: options.get("name") ?? "program.cjs",
    flags: words("flags"),
    args: words("args"),
    files: beside,
  };
}
