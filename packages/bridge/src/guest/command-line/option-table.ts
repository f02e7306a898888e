import { MapProto, objectHasOwn, StringProto } from "../primordials.ts";

/** Types of options (`OptionType` of src/node_options.h), by the numbers of Node's own table. */
export const OptionType = {
  noOp: 0,
  v8: 1,
  boolean: 2,
  integer: 3,
  unsigned: 4,
  string: 5,
  hostPort: 6,
  list: 7,
} as const;

/** `OptionEnvvarSettings`: whether NODE_OPTIONS may name it. */
const ALLOWED_IN_ENVIRONMENT = 0;

/** One option of Node's, as `internalBinding('options').getCLIOptionsInfo()` tells it. */
export interface OptionFacts {
  readonly type: number;
  readonly envVarSettings: number;
  readonly defaultIsTrue: boolean;
}

/** Node's options and the other names they have. */
export interface OptionTable {
  readonly options: Map<string, OptionFacts>;
  readonly aliases: Map<string, readonly string[]>;
}

export const optionNamed = (table: OptionTable, name: string): OptionFacts | undefined =>
  MapProto.get(table.options, name) as OptionFacts | undefined;

export const aliasNamed = (table: OptionTable, name: string): readonly string[] | undefined =>
  MapProto.get(table.aliases, name) as readonly string[] | undefined;

export const isAllowedInEnvironment = (option: OptionFacts | undefined): boolean =>
  option?.envVarSettings === ALLOWED_IN_ENVIRONMENT;

/** What an option sets beside itself (`Implies` and `ImpliesNot` of src/node_options.cc). */
const IMPLICATIONS: Readonly<Record<string, readonly (readonly [name: string, value: boolean])[]>> = {
  "--build-snapshot-config": [["--build-snapshot", true]],
  "--debug-brk": [["--debug", true]],
  "--env-file": [["[has_env_file_string]", true]],
  "--env-file-if-exists": [["[has_env_file_string]", true]],
  "--eval": [["[has_eval_string]", true]],
  "--experimental-transform-types": [
    ["--experimental-strip-types", true],
    ["--enable-source-maps", true],
  ],
  "--inspect-brk": [["--inspect", true]],
  "--inspect-brk-node": [["--inspect", true]],
  "--inspect-wait": [["--inspect", true]],
  "--node-memory-debug": [
    ["--debug-arraybuffer-allocations", true],
    ["--verify-base-objects", true],
  ],
  "--report-signal": [["--report-on-signal", true]],
  "--trace-env-js-stack": [["--trace-env", true]],
  "--trace-env-native-stack": [["--trace-env", true]],
  "--use-bundled-ca": [["[ssl_openssl_cert_store]", false]],
  "--use-openssl-ca": [["[ssl_openssl_cert_store]", true]],
  "--watch-path": [["--watch", true]],
};

export function implicationsOf(name: string): readonly (readonly [name: string, value: boolean])[] {
  return objectHasOwn(IMPLICATIONS, name) ? (IMPLICATIONS[name] ?? []) : [];
}

/** Underscores are hyphens in names that begin with two hyphens. */
export const normalName = (name: string): string =>
  StringProto.startsWith(name, "--") ? `--${hyphens(StringProto.slice(name, 2))}` : name;

function hyphens(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i++) out += text[i] === "_" ? "-" : text[i];
  return out;
}
