import { append, putOwn } from "../lib/define.ts";
import { ArrayProto, objectCreate, StringProto } from "../primordials.ts";
import {
  aliasNamed,
  implicationsOf,
  isAllowedInEnvironment,
  normalName,
  type OptionTable,
  OptionType,
  optionNamed,
} from "./option-table.ts";

export type OptionValue = boolean | number | string | string[];

/** What a command line said so far. */
export interface ParsedOptions {
  /** By name, `--eval`. Only what was given. */
  readonly values: Record<string, OptionValue>;
  /** Options Node leaves to V8, as they were given. */
  readonly engine: string[];
  /** What was wrong, as Node says it. */
  readonly errors: string[];
}

export const emptyOptions = (): ParsedOptions => ({
  values: objectCreate(null) as Record<string, OptionValue>,
  engine: [],
  errors: [],
});

/** The arguments still to be read: those an alias stands for come first, and are none of the program's. */
class Arguments {
  readonly #given: readonly string[];
  readonly #synthetic: string[] = [];
  #at = 0;

  constructor(given: readonly string[]) {
    this.#given = given;
  }

  get first(): string | undefined {
    return this.#synthetic.length > 0 ? this.#synthetic[0] : this.#given[this.#at];
  }

  pop(): string {
    if (this.#synthetic.length > 0) return ArrayProto.shift(this.#synthetic) as string;
    this.#at += 1;
    return this.#given[this.#at - 1] as string;
  }

  /** Puts in what an alias stands for beyond its first word. */
  expand(expansion: readonly string[]): void {
    for (let i = expansion.length - 1; i > 0; i--) ArrayProto.unshift(this.#synthetic, expansion[i]);
  }

  get taken(): string[] {
    return ArrayProto.slice(this.#given, 0, this.#at) as string[];
  }

  get left(): string[] {
    return ArrayProto.slice(this.#given, this.#at) as string[];
  }
}

/** One argument, taken apart. */
interface Word {
  readonly argument: string;
  /** As in messages: with its `=`. */
  readonly original: string;
  readonly name: string;
  readonly isNegated: boolean;
  /** After `=`. */
  readonly value: string | undefined;
}

function wordOf(argument: string): Word {
  const equals = StringProto.startsWith(argument, "--") ? StringProto.indexOf(argument, "=") : -1;
  const written = equals < 0 ? argument : StringProto.slice(argument, 0, equals);
  const normal = normalName(written);
  const isNegated = StringProto.startsWith(normal, "--no-");
  return {
    argument,
    original: equals < 0 ? written : `${written}=`,
    name: isNegated ? `--${StringProto.slice(normal, "--no-".length)}` : normal,
    isNegated,
    value: equals < 0 ? undefined : StringProto.slice(argument, equals + 1),
  };
}

/** Follows aliases: `-p` is `--print`, `--print x` is `--print --eval x`, `--inspect=9` sets a port too. */
function expand(table: OptionTable, word: Word, args: Arguments): string {
  let { name } = word;
  for (;;) {
    const next = args.first;
    const expansion =
      aliasNamed(table, name) ??
      (word.value === undefined ? undefined : aliasNamed(table, `${name}=`)) ??
      (next !== undefined && next !== "" && next[0] !== "-" ? aliasNamed(table, `${name} <arg>`) : undefined);
    if (expansion === undefined) return name;
    args.expand(expansion);
    const before = name;
    name = expansion[0] as string;
    if (name === before) return name;
  }
}

/** C's `atoll`: what of a text is a number. */
function integer(text: string): number {
  let at = text[0] === "-" || text[0] === "+" ? 1 : 0;
  let value = 0;
  for (; at < text.length; at++) {
    const digit = StringProto.charCodeAt(text, at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) break;
    value = value * 10 + digit;
  }
  return text[0] === "-" ? -value : value;
}

const takesValue = (type: number): boolean =>
  type !== OptionType.boolean && type !== OptionType.noOp && type !== OptionType.v8;

function assign(values: ParsedOptions["values"], name: string, type: number, text: string): void {
  if (type === OptionType.list) {
    const list = (values[name] as string[] | undefined) ?? [];
    append(list, text);
    putOwn(values, name, list);
  } else if (type === OptionType.integer || type === OptionType.unsigned) {
    putOwn(values, name, integer(text));
  } else {
    putOwn(values, name, text);
  }
}

/**
 * Reads options as far as they go (`OptionsParser::Parse`, src/node_options-inl.h). Stops at the first error.
 * @param into what was read before: NODE_OPTIONS comes first, the command line has the last word
 * @returns the options as given, and the arguments after them
 */
export function parseOptions(
  table: OptionTable,
  given: readonly string[],
  into: ParsedOptions,
  isEnvironment: boolean,
): { readonly execArgv: string[]; readonly rest: string[] } {
  const args = new Arguments(given);
  let hasEnd = false;
  const fail = (message: string): void => void append(into.errors, message);
  while (args.first !== undefined && into.errors.length === 0) {
    if (args.first.length <= 1 || args.first[0] !== "-") break;
    const argument = args.pop();
    if (argument === "--") {
      if (isEnvironment) fail("-- is not allowed in NODE_OPTIONS");
      hasEnd = true;
      break;
    }
    const word = wordOf(argument);
    const name = expand(table, word, args);
    const option = optionNamed(table, name);
    if (isEnvironment && !isAllowedInEnvironment(option)) {
      fail(`${word.original} is not allowed in NODE_OPTIONS`);
      break;
    }
    const implied = word.isNegated ? [] : implicationsOf(name);
    for (let i = 0; i < implied.length; i++) {
      const entry = implied[i] as readonly [string, boolean];
      putOwn(into.values, entry[0], entry[1]);
    }
    if (option === undefined || option.type === OptionType.v8) {
      append(into.engine, argument);
      continue;
    }
    if (word.isNegated && option.type !== OptionType.boolean) {
      fail(`${argument} is an invalid negation because it is not a boolean option`);
      break;
    }
    if (option.type === OptionType.boolean) {
      putOwn(into.values, name, !word.isNegated);
    } else if (takesValue(option.type)) {
      const value = word.value ?? valueAfter(args);
      if (value === undefined || (word.value === "" && value === "")) {
        // A name an alias put there is the one that lacks its argument.
        fail(`${word.original} requires an argument`);
        break;
      }
      assign(into.values, name, option.type, value);
    }
  }
  const execArgv = args.taken;
  // What ends the options is none of them.
  if (hasEnd) execArgv.length -= 1;
  return { execArgv, rest: args.left };
}

/** The argument that follows, unless it looks like an option; `\-` stands for a hyphen. */
function valueAfter(args: Arguments): string | undefined {
  if (args.first === undefined) return undefined;
  const value = args.pop();
  if (value[0] === "-") return undefined;
  return StringProto.startsWith(value, "\\-") ? StringProto.slice(value, 1) : value;
}
