import { SyscallError } from "../client.ts";
import { below, withPlaceInStack } from "../lib/arrow.ts";
import { isModuleSyntaxError } from "../lib/module-syntax.ts";
import { syntaxError } from "../lib/syntax-error.ts";
import { ArrayProto, StringProto } from "../primordials.ts";
import type { Caught, Realm } from "../realm.ts";
import { compilePortableFunction, type FunctionParts, functionScript } from "./portable-function.ts";
import { PortableScript } from "./portable-script.ts";
import { timedOut } from "./timed-out.ts";
import { bytesOf } from "./view-bytes.ts";

/** A source V8 refused. */
export interface Refusal {
  /** V8's own words. */
  readonly message: string;
  /** The error to throw, its place at the head of its stack. `from`: the function of the binding that was called. */
  error(from: unknown): unknown;
}

export type Compiled<T> =
  | {
      readonly value: T;
      readonly refusal?: never;
      /** Whether V8 did without the cache it was given. */
      readonly cacheRefused?: boolean | undefined;
      /** The code as V8 keeps it, where that was asked for. */
      readonly cache?: Uint8Array | undefined;
    }
  | { readonly refusal: Refusal; readonly cacheRefused?: never; readonly cache?: never };

/** What else a function or script is compiled with. */
export interface Circumstances {
  /** A program gave the source to `vm.compileFunction`: it is no module's. */
  readonly isGiven?: boolean;
  readonly line?: number;
  readonly column?: number;
  /** That of the context it is compiled in. */
  readonly global?: object | undefined;
  /** Objects whose properties the function sees as variables. */
  readonly extensions?: readonly object[] | undefined;
  readonly cache?: ArrayBufferView | undefined;
  readonly produce?: boolean | undefined;
}

/** A compiled script. */
export interface Run {
  /** @param from the function of the binding that was called */
  run(showPlace: boolean, from: unknown, global?: object, timeout?: number): unknown;
  cache(): Uint8Array | undefined;
}

const CAUGHT = 6;
const isFailure = (answer: unknown): answer is Caught =>
  typeof answer === "object" && (answer as Caught).length === CAUGHT;

const refusedHere = (realm: Realm, caught: Caught): { readonly refusal: Refusal } => ({
  refusal: {
    message: `${(caught[0] as Error).message}`,
    error(from) {
      below(caught[0], from);
      return withPlaceInStack(realm, caught);
    },
  },
});

/** Compiles through the host, which tells a refusal as a failure of the syscall. */
function through<T>(realm: Realm, filename: string, source: string, run: () => T): Compiled<T> {
  try {
    return { value: run() };
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const message = StringProto.split(error.message ?? "", "\0")[0] as string;
    return { refusal: { message, error: (from) => syntaxError(realm, error, filename, source, from) } };
  }
}

/** A function with these parameters whose body is `source`. `symbol` tells the loader who calls `import()` in it. */
export function compileFunction(
  realm: Realm,
  source: string,
  filename: string,
  params: readonly string[],
  symbol: symbol,
  { isGiven, line = 0, column = 0, global, extensions, cache, produce }: Circumstances = {},
): Compiled<unknown> {
  const { native } = realm;
  if (native) {
    const answer = native.compileFunction(
      source,
      filename,
      line,
      column,
      symbol,
      params,
      global,
      extensions,
      cache,
      produce,
    );
    if (isFailure(answer)) return refusedHere(realm, answer);
    if (typeof answer === "function") return { value: answer };
    return { value: answer[0], cacheRefused: answer[1], cache: answer[2] };
  }
  const origin = { filename, line, column };
  if (isGiven) {
    const parts: FunctionParts = { source, origin, params, symbol, global, extensions: extensions ?? [] };
    return refusable(() => compilePortableFunction(realm, parts), functionCaches(realm, parts, cache, produce));
  }
  // A hash-bang line is a comment to V8 only at the start of a script, and ours starts with a wrapper.
  const body = StringProto.startsWith(source, "#!") ? `//${StringProto.slice(source, 2)}` : source;
  const names = ArrayProto.join(params, ", ");
  return through(realm, filename, source, () => realm.compileFunction(body, filename, names, line, column));
}

interface Caches {
  readonly cacheRefused: boolean | undefined;
  readonly cache: Uint8Array | undefined;
}

/** What becomes of the code cache a function is compiled with, and its own. */
function functionCaches(
  realm: Realm,
  parts: FunctionParts,
  cache: ArrayBufferView | undefined,
  produce = false,
): () => Caches {
  return () => {
    if (cache === undefined && !produce) return { cacheRefused: undefined, cache: undefined };
    const { text, place } = functionScript(realm, parts);
    const { filename, line, column } = place;
    const given = cache && bytesOf(cache);
    const { 0: taken, 1: own } = realm.sys.engine.checkScript(text, filename, line, column, given, produce);
    return { cacheRefused: taken !== 1, cache: own as Uint8Array | undefined };
  };
}

/** Compiles, and takes a SyntaxError for the refusal it is. */
function refusable<T>(run: () => T, caches: () => Caches): Compiled<T> {
  try {
    return { value: run(), ...caches() };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { refusal: { message: error.message, error: () => error } };
  }
}

/** A script -> what runs it, in the main context or, with the native helper, in that of a global. */
export function compileScript(
  realm: Realm,
  source: string,
  filename: string,
  line: number,
  column: number,
  symbol: symbol,
  { global, cache }: Circumstances = {},
): Compiled<Run> {
  const { native } = realm;
  if (native) {
    const answer = native.compileScript(source, filename, line, column, symbol, global, cache);
    if (isFailure(answer)) return refusedHere(realm, answer);
    const id = typeof answer === "number" ? answer : answer[0];
    const cacheRefused = typeof answer === "number" ? undefined : answer[1];
    const value: Run = {
      run(showPlace, from, inGlobal, timeout = -1) {
        const outcome = native.runScript(id, inGlobal, timeout);
        if (outcome.length === 1) return outcome[0];
        if (outcome.length === 0) throw below(timedOut(timeout), from);
        throw showPlace ? withPlaceInStack(realm, outcome) : outcome[0];
      },
      cache: () => native.scriptCache(id),
    };
    return { value, cacheRefused };
  }
  let cacheRefused = false;
  const compiled = through(realm, filename, source, () => {
    const given = cache && bytesOf(cache);
    cacheRefused = realm.sys.engine.checkScript(source, filename, line, column, given, false)[0] !== 1;
    return new PortableScript(realm, source, { filename, line, column }, symbol);
  });
  return compiled.refusal ? compiled : { value: compiled.value, cacheRefused };
}

/** Whether a source that is no CommonJS would be a module: `ShouldRetryAsESM` of src/node_contextify.cc. */
export const parsesAsModule = (realm: Realm, source: string, filename: string, { message }: Refusal): boolean =>
  isModuleSyntaxError(message) &&
  through(realm, filename, source, () => realm.sys.engine.checkModule(source, filename)).refusal === undefined;
