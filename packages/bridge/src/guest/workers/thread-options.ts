import { readVariables } from "../command-line/command-line.ts";
import { splitNodeOptions } from "../command-line/environment.ts";
import type { OptionTable } from "../command-line/option-table.ts";
import { emptyOptions, type ParsedOptions, parseOptions } from "../command-line/parse.ts";
import { append } from "../lib/define.ts";
import { fromManifest } from "../manifest.ts";
import { objectHasOwn, objectKeys, StringProto } from "../primordials.ts";
import type { BootConfig, Realm } from "../realm.ts";

type Options = BootConfig["options"];
type Env = Readonly<Record<string, string>>;

/** Options of the whole process (`PerProcessOptions` of src/node_options.h): a thread has its process's. */
const OF_THE_PROCESS = {
  "--completion-bash": true,
  "--debug-arraybuffer-allocations": true,
  "--disable-proto": true,
  "--disable-wasm-trap-handler": true,
  "--enable-fips": true,
  "--experimental-sea-config": true,
  "--force-fips": true,
  "--help": true,
  "--icu-data-dir": true,
  "--node-snapshot": true,
  "--openssl-config": true,
  "--openssl-legacy-provider": true,
  "--openssl-shared-config": true,
  "--prof-process": true,
  "--report-compact": true,
  "--report-dir": true,
  "--report-directory": true,
  "--report-filename": true,
  "--report-on-fatalerror": true,
  "--report-signal": true,
  "--secure-heap": true,
  "--secure-heap-min": true,
  "--security-revert": true,
  "--ssl-openssl-cert-store": true,
  "--title": true,
  "--tls-cipher-list": true,
  "--trace-event-categories": true,
  "--trace-event-file-pattern": true,
  "--use-bundled-ca": true,
  "--use-largepages": true,
  "--use-openssl-ca": true,
  "--v8-options": true,
  "--v8-pool-size": true,
  "--version": true,
  "--zero-fill-buffers": true,
  // V8's flags are the process's as well.
  "--abort-on-uncaught-exception": true,
  "--expose-gc": true,
  "--stack-trace-limit": true,
} as const;

const isOfTheProcess = (name: string): boolean => objectHasOwn(OF_THE_PROCESS, name);

/** What a thread starts with; or what was wrong with what it was given. */
export interface ThreadOptions {
  readonly options: Options;
  readonly execArgv: readonly string[];
  readonly invalidExecArgv?: readonly string[];
  readonly invalidNodeOptions?: readonly string[];
}

/**
 * The options of a new thread (`Worker::New` of src/node_worker.cc): those of the thread that starts it, unless it is
 * given an environment or a command line of its own; then NODE_OPTIONS and that command line say them anew.
 * @param env the environment it is given, where it is given one; `inherited`: that of the thread that starts it
 */
export function threadOptions(
  realm: Realm,
  env: Env | undefined,
  inherited: Env,
  execArgv: readonly string[] | undefined,
): ThreadOptions {
  const own = realm.config;
  if (!env && !execArgv) return { options: own.options, execArgv: own.execArgv };
  const table = fromManifest("options", realm.manifest("cliOptionsInfo")) as OptionTable;
  const parsed = emptyOptions();
  const refused = { options: own.options, execArgv: own.execArgv };
  const nodeOptions = (env ?? inherited)["NODE_OPTIONS"] ?? "";
  readVariables(env ?? inherited, parsed);
  const errors = fromEnvironment(table, nodeOptions, parsed, nodeOptions === (inherited["NODE_OPTIONS"] ?? ""));
  if (errors.length > 0 && env) return { ...refused, invalidNodeOptions: errors };
  parsed.errors.length = 0;
  parsed.engine.length = 0;
  let given = own.execArgv;
  if (execArgv) {
    const before = emptyOptions();
    given = parseOptions(table, execArgv, before, false).execArgv;
    const invalid = before.errors.length > 0 ? before.errors : misplaced(table, execArgv, before);
    if (invalid.length > 0) return { ...refused, invalidExecArgv: invalid };
  }
  parseOptions(table, given, parsed, false);
  return { options: { ...processWide(own.options), ...parsed.values }, execArgv: given };
}

function fromEnvironment(table: OptionTable, text: string, into: ParsedOptions, isInherited: boolean): string[] {
  const { words, error } = splitNodeOptions(text);
  if (error !== undefined) return [error];
  parseOptions(table, words, into, true);
  if (into.errors.length > 0 || isInherited) return into.errors;
  const wrong = misplaced(table, words, into)[0];
  return wrong === undefined ? [] : [`${nameOf(wrong)} is not allowed in NODE_OPTIONS`];
}

/** An option as messages name it: with its `=`. */
function nameOf(word: string): string {
  const equals = StringProto.indexOf(word, "=");
  return equals < 0 ? word : StringProto.slice(word, 0, equals + 1);
}

/** What only a process can be given: V8's flags, and options of the process. */
function misplaced(table: OptionTable, words: readonly string[], parsed: ParsedOptions): string[] {
  const list: string[] = [];
  for (let i = 0; i < parsed.engine.length; i++) append(list, parsed.engine[i] as string);
  for (let i = 0; i < words.length; i++) {
    const one = emptyOptions();
    parseOptions(table, [words[i] as string], one, false);
    const names = objectKeys(one.values);
    for (let n = 0; n < names.length; n++) {
      if (isOfTheProcess(names[n] as string)) append(list, words[i] as string);
    }
  }
  return list;
}

function processWide(options: Options): Options {
  const kept: Record<string, Options[string]> = {};
  const names = objectKeys(options);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    if (isOfTheProcess(name)) kept[name] = options[name] as Options[string];
  }
  return kept;
}
