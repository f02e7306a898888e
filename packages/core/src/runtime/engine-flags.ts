import { VALUE_OPTIONS } from "./value-options.ts";

/**
 * V8's flags a program may have for its process: library and syntax of the language, and two functions of V8's own that
 * tests ask for. Each is a boolean that is off by default and implies no other. Decided here, on the host: what a cell
 * gets is one of these names or nothing, whatever a command line says.
 */
const ALLOWED: ReadonlySet<string> = new Set([
  "expose-externalize-string",
  "expose-gc",
  "harmony-import-assertions",
  "harmony-intl-duration-format",
  "js-float16array",
  "js-regexp-duplicate-named-groups",
  "js-regexp-modifiers",
]);

const normalName = (option: string): string =>
  option.startsWith("--") ? `--${option.slice(2).replaceAll("_", "-")}` : option;

/**
 * The allowed flags among Node's options, `js-float16array`; the last word on each counts.
 * @param options as they were given, `--js_float16array`
 */
export function engineFlags(options: readonly string[]): readonly string[] {
  const flags = new Set<string>();
  for (const option of options) {
    if (!option.startsWith("--")) continue;
    const name = normalName(option).slice(2);
    if (ALLOWED.has(name)) flags.add(name);
    else flags.delete(/^no-?(.*)$/.exec(name)?.[1] ?? "");
  }
  return [...flags];
}

/** The same of a whole command line of `node`, without its name: what follows the program is the program's. */
export function commandLineFlags(words: readonly string[]): readonly string[] {
  const options: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [word = "", next = ""] = words.slice(at, at + 2);
    if (word.length < 2 || !word.startsWith("-") || word === "--") break;
    options.push(word);
    if (VALUE_OPTIONS.has(normalName(word)) && !next.startsWith("-")) at += 1;
  }
  return engineFlags(options);
}
