import { append } from "../lib/define.ts";
import { asInt64, asUint64 } from "../lib/intrinsics.ts";
import type { DescriptorTable } from "./descriptors.ts";
import type { ProgramMemory } from "./memory.ts";

/** What a WebAssembly program runs on: its arguments and variables as C strings, and its descriptors. */
export interface WasiSystem {
  readonly args: readonly Uint8Array[];
  readonly env: readonly Uint8Array[];
  readonly table: DescriptorTable;
}

/** Kinds of parameters: `i` an i32 as an unsigned number, `I` an i64 as an unsigned bigint, `s` as a signed one. */
type Kind = "i" | "I" | "s";

/** One function of wasi_snapshot_preview1. It returns where it succeeded, and throws a SyscallError where it did not. */
export interface WasiCall {
  readonly params: readonly Kind[];
  readonly run: (system: WasiSystem, memory: ProgramMemory, ...args: never[]) => void;
}

export type WasiCalls = Readonly<Record<string, WasiCall>>;

type Argument<K> = K extends "i" ? number : bigint;

/** Declares a function with the kinds of its parameters. */
export const call = <const P extends readonly Kind[]>(
  params: P,
  run: (system: WasiSystem, memory: ProgramMemory, ...args: { -readonly [K in keyof P]: Argument<P[K]> }) => void,
): WasiCall => ({ params, run: run as WasiCall["run"] });

/**
 * The arguments of a call as C++ would have them; nothing for another number of them, or values of other types. An i32
 * of WebAssembly comes signed. Node takes a negative number from WebAssembly only: who calls, no function here can see.
 */
export function argumentsOf({ params }: WasiCall, given: readonly unknown[]): (number | bigint)[] | undefined {
  if (given.length !== params.length) return undefined;
  const args: (number | bigint)[] = [];
  for (let i = 0; i < params.length; i++) {
    const value = given[i];
    if (typeof value === "bigint" && params[i] !== "i")
      append(args, params[i] === "I" ? asUint64(value) : asInt64(value));
    else if (typeof value === "number" && params[i] === "i" && (value >>> 0 === value || (value | 0) === value)) {
      append(args, value >>> 0);
    } else return undefined;
  }
  return args;
}
