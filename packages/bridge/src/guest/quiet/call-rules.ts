import { ArrayProto, arrayIsArray } from "../primordials.ts";
import type { QuietCall, QuietKind } from "./built-ins.ts";
import type { Origins } from "./origins.ts";
import { isObject, type QuietReader } from "./values.ts";

/** So long an array may get here; V8 itself stops by time. */
export const LONGEST = 100_000;

/** A call of a built-in that is to be made. */
interface Attempt {
  readonly receiver: unknown;
  readonly args: readonly unknown[];
  readonly isStatic: boolean;
  readonly reader: QuietReader;
  readonly origins: Origins;
}

const isPrimitive = (value: unknown): boolean => !isObject(value);
const isSmall = (value: unknown): boolean => typeof value === "number" && value <= LONGEST;

const isShortArray = (value: unknown, reader: QuietReader): value is unknown[] =>
  reader.isPlainArray(value) && value.length <= LONGEST;

function every(values: readonly unknown[], test: (value: unknown) => boolean): boolean {
  for (let i = 0; i < values.length; i++) if (!test(values[i])) return false;
  return true;
}

/** What `QuietKind` says of each kind, of one call. */
const RULES: Readonly<Record<QuietKind, (attempt: Attempt) => boolean>> = {
  plain: ({ receiver, args, isStatic }) => every(args, isPrimitive) && (isStatic || isPrimitive(receiver)),
  shape: ({ receiver, args, isStatic, reader }) => {
    const about = isStatic ? args[0] : receiver;
    const rest = isStatic ? ArrayProto.slice(args, 1) : args;
    return (!isObject(about) || reader.isTransparent(about)) && every(rest, isPrimitive);
  },
  look: ({ receiver, args, isStatic, reader }) => {
    const isKnown = isStatic || (arrayIsArray(receiver) ? isShortArray(receiver, reader) : reader.isData(receiver));
    return isKnown && every(args, (value) => reader.isData(value));
  },
  each: ({ receiver, args, reader, origins }) =>
    isShortArray(receiver, reader) && isObject(args[0]) && origins.isClosure(args[0]),
  text: ({ receiver, args, reader }) =>
    isShortArray(receiver, reader) && every(args, isPrimitive) && every(receiver, isPrimitive),
  change: ({ receiver, args, reader, origins }) =>
    isShortArray(receiver, reader) && origins.isFresh(receiver) && every(args, isPrimitive),
  collect: ({ args, reader }) => {
    if (args.length !== 1) return args.length === 0;
    return isShortArray(args[0], reader) || isSmall(args[0]);
  },
  getter: () => false,
};

/** Whether this call of a built-in has no side effect. */
export function isQuietCall(
  { kind, isStatic }: QuietCall,
  receiver: unknown,
  args: readonly unknown[],
  reader: QuietReader,
  origins: Origins,
): boolean {
  return RULES[kind]({ receiver, args, isStatic, reader, origins });
}
