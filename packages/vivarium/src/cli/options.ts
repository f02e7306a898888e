import { type ParseArgsConfig, parseArgs } from "node:util";
import { didYouMean } from "./did-you-mean.ts";
import { UsageError } from "./usage-error.ts";

type Table = NonNullable<ParseArgsConfig["options"]>;

/** Options of `vivarium run`, as `util.parseArgs` takes them. */
export const runOptions = {
  eval: { type: "string", short: "e" },
  print: { type: "string", short: "p" },
  require: { type: "string", short: "r", multiple: true },
  "allow-all": { type: "boolean" },
  "allow-fs-read": { type: "string", multiple: true },
  "allow-fs-write": { type: "string", multiple: true },
  "allow-net": { type: "string", multiple: true },
  "allow-run": { type: "string", multiple: true },
  "allow-env": { type: "string", multiple: true },
  mount: { type: "string", multiple: true },
  cwd: { type: "string" },
  compat: { type: "string" },
  "memory-mb": { type: "string" },
  "cpu-ms": { type: "string" },
  "wall-ms": { type: "string" },
  report: { type: "string" },
  "log-level": { type: "string" },
  "no-native-helper": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const satisfies Table;

export type OptionName = keyof typeof runOptions;

/** A command line, taken apart but not yet judged. */
export interface CommandLine {
  readonly options: { readonly [K in OptionName]?: readonly string[] };
  /** The program: a file, `-`, or nothing with `-e` and `-p`. */
  readonly file: string | undefined;
  /** What the program gets as `process.argv` from its third entry on. */
  readonly args: readonly string[];
}

const isOption = (name: string): name is OptionName => Object.hasOwn(runOptions, name);

function unknownOption(raw: string): UsageError {
  const near = didYouMean(raw.replace(/^-+/, ""), Object.keys(runOptions));
  return new UsageError(`bad option: ${raw}${near === undefined ? "" : ` (did you mean --${near}?)`}`);
}

/** A value was left out: the next option stands in its place. */
const isForgotten = ({ value = "", inlineValue }: { value?: string | undefined; inlineValue?: boolean | undefined }) =>
  inlineValue !== true && value.startsWith("--") && isOption(value.slice(2).split("=")[0] ?? "");

/**
 * Reads the arguments after `run`. Options end at the file, or at the first argument after `-e CODE`: everything from
 * there on is the program's.
 * @throws UsageError
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { tokens } = parseArgs({
    args: [...argv],
    options: runOptions,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const found: Partial<Record<OptionName, string[]>> = {};
  const finish = (rest: number): CommandLine => {
    const hasCode = found.eval !== undefined || found.print !== undefined;
    const [file, ...args] = argv.slice(rest);
    return hasCode ? { options: found, file: undefined, args: argv.slice(rest) } : { options: found, file, args };
  };
  for (const token of tokens) {
    if (token.kind === "positional") return finish(token.index);
    if (token.kind === "option-terminator") return finish(token.index + 1);
    if (!isOption(token.name)) throw unknownOption(token.rawName);
    const takesValue = runOptions[token.name].type === "string";
    if (takesValue && (token.value === undefined || isForgotten(token)))
      throw new UsageError(`${token.rawName} requires an argument`);
    if (!takesValue && token.value !== undefined) throw new UsageError(`${token.rawName} takes no argument`);
    const values = found[token.name] ?? [];
    found[token.name] = values;
    values.push(token.value ?? "");
  }
  return finish(argv.length);
}
