import { append, putOwn } from "../lib/define.ts";
import { objectHasOwn, StringProto } from "../primordials.ts";
import { normalName } from "./option-table.ts";
import type { ParsedOptions } from "./parse.ts";

/** V8's flags and their types, as the pinned Node lists them (`--v8-options`). */
export type EngineFlags = Readonly<Record<string, string>>;

const NUMBER = /^[+-]?\d+$/;
/** Flags of which the sandbox knows what they do; the rest change nothing here. */
const EFFECTIVE = [
  "abort-on-uncaught-exception",
  "disallow-code-generation-from-strings",
  "expose-gc",
  "stack-trace-limit",
] as const;

interface Flag {
  readonly name: string;
  readonly isNegated: boolean;
  readonly value: string | undefined;
}

function flagOf(flags: EngineFlags, argument: string): Flag | undefined {
  const normal = normalName(StringProto.startsWith(argument, "--") ? argument : `-${argument}`);
  const equals = StringProto.indexOf(normal, "=");
  const name = StringProto.slice(normal, 2, equals < 0 ? undefined : equals);
  const at = StringProto.indexOf(argument, "=");
  const value = at < 0 ? undefined : StringProto.slice(argument, at + 1);
  if (objectHasOwn(flags, name)) return { name, isNegated: false, value };
  for (const prefix of ["no-", "no"] as const) {
    const rest = StringProto.slice(name, prefix.length);
    if (StringProto.startsWith(name, prefix) && objectHasOwn(flags, rest))
      return { name: rest, isNegated: true, value };
  }
  return undefined;
}

/** -> what is wrong with the flag's value, as V8 says it */
function misuse(flags: EngineFlags, flag: Flag, argument: string): string | undefined {
  const type = flags[flag.name];
  const isNumber = type === "int" || type === "uint" || type === "size_t" || type === "uint64";
  const isIllegal = isNumber
    ? !NUMBER.test(flag.value ?? "")
    : type !== "bool" && type !== "maybe_bool" && flag.value === undefined;
  if (!isIllegal) return undefined;
  return `Error: illegal value for flag ${argument} of type ${type}\nTry --help for options\n`;
}

/**
 * Hands V8 its flags (`V8::SetFlagsFromCommandLine`): those that mean something here become options.
 * @returns what V8 prints itself
 */
export function applyEngineFlags(flags: EngineFlags, { engine, values, errors }: ParsedOptions): string {
  let printed = "";
  for (let i = 0; i < engine.length; i++) {
    const argument = engine[i] as string;
    const flag = flagOf(flags, argument);
    const wrong = flag && misuse(flags, flag, argument);
    if (wrong !== undefined) printed += wrong;
    if (flag === undefined || wrong !== undefined) {
      append(errors, `bad option: ${argument}`);
      continue;
    }
    for (let j = 0; j < EFFECTIVE.length; j++) {
      if (EFFECTIVE[j] !== flag.name) continue;
      putOwn(values, `--${flag.name}`, flags[flag.name] === "bool" ? !flag.isNegated : +(flag.value as string));
    }
  }
  return printed;
}
