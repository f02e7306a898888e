import { fromManifest } from "../manifest.ts";
import { arrayIsArray, jsonParse, objectAssign } from "../primordials.ts";
import type { BootConfig, Realm } from "../realm.ts";
import { checkOptions } from "./check.ts";
import { applyEngineFlags, type EngineFlags } from "./engine-flags.ts";
import { splitNodeOptions } from "./environment.ts";
import type { OptionTable } from "./option-table.ts";
import { emptyOptions, type ParsedOptions, parseOptions } from "./parse.ts";

/** Exit codes of a command line that cannot be followed (`ExitCode` of src/node_exit_code.h). */
const INVALID_COMMAND_LINE = 9;
const BOOTSTRAP_FAILURE = 12;

/** A command line that starts nothing: what is printed to which descriptor, and the exit code. */
export interface Refusal {
  readonly fd: 1 | 2;
  readonly text: string;
  readonly code: number;
}

export interface CommandLine {
  readonly config: BootConfig;
  readonly refusal: Refusal | undefined;
}

/** Options that ask for something a sandbox has nothing of. */
const REFUSED = [
  "--inspect",
  "--build-snapshot",
  "--experimental-sea-config",
  "--run",
  "--prof-process",
  "--v8-options",
] as const;

const lines = (program: string, messages: readonly string[]): string => {
  let text = "";
  for (let i = 0; i < messages.length; i++) text += `${program}: ${messages[i] as string}\n`;
  return text;
};

/**
 * Splits a command line into Node's options and the program's arguments, as `node` does
 * (`InitializeNodeWithArgsInternal`, src/node.cc): NODE_OPTIONS first, then the command line itself.
 */
export function readCommandLine(realm: Realm, config: BootConfig, given: readonly string[]): CommandLine {
  const program = config.argv0 ?? "node";
  const table = fromManifest("options", realm.manifest("cliOptionsInfo")) as OptionTable;
  const options = emptyOptions();
  readEnvironment(table, config.env, options);
  let execArgv: string[] = [];
  let rest: string[] = [];
  if (options.errors.length === 0) {
    const split = parseOptions(table, given, options, false);
    execArgv = split.execArgv;
    rest = split.rest;
    if (options.errors.length === 0) checkOptions(options, rest[0]);
  }
  const refusal = refusalOf(realm, program, options);
  return {
    config: {
      ...config,
      argv: [program, ...rest],
      execArgv,
      title: program,
      options: refusal ? {} : objectAssign({}, config.options, options.values),
    },
    refusal,
  };
}

/** Options that variables of their own switch on (`HandleEnvOptions`, src/node_options.cc). */
export function readVariables(env: Readonly<Record<string, string | undefined>>, options: ParsedOptions): void {
  if (env["NODE_PENDING_DEPRECATION"] === "1") options.values["--pending-deprecation"] = true;
  if (env["NODE_PRESERVE_SYMLINKS"] === "1") options.values["--preserve-symlinks"] = true;
  if (env["NODE_PRESERVE_SYMLINKS_MAIN"] === "1") options.values["--preserve-symlinks-main"] = true;
  if (env["NODE_REDIRECT_WARNINGS"]) options.values["--redirect-warnings"] = env["NODE_REDIRECT_WARNINGS"];
}

function readEnvironment(table: OptionTable, env: BootConfig["env"], options: ParsedOptions): void {
  readVariables(env, options);
  const { words, error } = splitNodeOptions(env["NODE_OPTIONS"] ?? "");
  if (error !== undefined) options.errors[0] = error;
  else parseOptions(table, words, options, true);
}

function refusalOf(realm: Realm, program: string, options: ParsedOptions): Refusal | undefined {
  const { values, engine, errors } = options;
  const invalid = (text: string): Refusal => ({ fd: 2, text, code: INVALID_COMMAND_LINE });
  if (errors.length > 0) return invalid(lines(program, errors));
  const reverts = values["--security-revert"];
  if (arrayIsArray(reverts)) {
    const text = `${program}: Error: Attempt to revert an unknown CVE [${reverts[0] as string}]\n`;
    return { fd: 2, text, code: BOOTSTRAP_FAILURE };
  }
  const proto = values["--disable-proto"];
  if (proto !== undefined && proto !== "delete" && proto !== "throw") {
    return { fd: 2, text: `${program}: invalid mode passed to --disable-proto\n`, code: BOOTSTRAP_FAILURE };
  }
  if (engine.length > 0) {
    const flags = jsonParse(realm.sys.engine.manifest("v8_flags")) as EngineFlags;
    const printed = applyEngineFlags(flags, options);
    if (errors.length > 0) return invalid(printed + lines(program, errors));
  }
  if (values["--version"] === true) {
    return { fd: 1, text: `${(realm.process as { version: string }).version}\n`, code: 0 };
  }
  for (let i = 0; i < REFUSED.length; i++) {
    const name = REFUSED[i] as string;
    if (values[name] !== undefined && values[name] !== false) {
      return invalid(`${program}: ${name} is not supported in sandbox\n`);
    }
  }
  return undefined;
}
