import { SyscallError } from "../client.ts";
import { below, withPlaceInStack } from "../lib/arrow.ts";
import { isModuleSyntaxError } from "../lib/module-syntax.ts";
import { syntaxError } from "../lib/syntax-error.ts";
import { ArrayProto, StringProto } from "../primordials.ts";
import type { Caught, Realm } from "../realm.ts";

/** A source V8 refused. */
export interface Refusal {
  /** V8's own words. */
  readonly message: string;
  /** The error to throw, its place at the head of its stack. `from`: the function of the binding that was called. */
  error(from: unknown): unknown;
}

export type Compiled = { readonly value: unknown; readonly refusal?: never } | { readonly refusal: Refusal };

const isFailure = (answer: unknown): answer is Caught => typeof answer === "object";

const refusedHere = (realm: Realm, caught: Caught): Compiled => ({
  refusal: {
    message: `${(caught[0] as Error).message}`,
    error(from) {
      below(caught[0], from);
      return withPlaceInStack(realm, caught);
    },
  },
});

/** Compiles through the host, which tells a refusal as a failure of the syscall. */
function through(realm: Realm, filename: string, source: string, run: () => unknown): Compiled {
  try {
    return { value: run() };
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const message = StringProto.split(error.message ?? "", "\0")[0] as string;
    return { refusal: { message, error: () => syntaxError(realm, error, filename, source) } };
  }
}

/** A function with these parameters whose body is `source`. `symbol` tells the loader who calls `import()` in it. */
export function compileFunction(
  realm: Realm,
  source: string,
  filename: string,
  params: readonly string[],
  symbol: symbol,
  line = 0,
  column = 0,
  global?: object,
): Compiled {
  const { native } = realm;
  if (native) {
    const answer = native.compileFunction(source, filename, line, column, symbol, params, global);
    return isFailure(answer) ? refusedHere(realm, answer) : { value: answer };
  }
  // A hash-bang line is a comment to V8 only at the start of a script, and ours starts with a wrapper.
  const body = StringProto.startsWith(source, "#!") ? `//${StringProto.slice(source, 2)}` : source;
  const names = ArrayProto.join(params as unknown[], ", ");
  return through(realm, filename, source, () => realm.compileFunction(body, filename, names, line, column));
}

/** A script -> what runs it, in the main context or, with the native helper, in that of a global. */
export function compileScript(
  realm: Realm,
  source: string,
  filename: string,
  line: number,
  column: number,
  symbol: symbol,
): Compiled {
  const { native } = realm;
  if (native) {
    const answer = native.compileScript(source, filename, line, column, symbol);
    if (isFailure(answer)) return refusedHere(realm, answer);
    const run = (showPlace: boolean, global?: object) => runScript(realm, native.runScript(answer, global), showPlace);
    return { value: run };
  }
  // Indirect eval runs a script so that what it throws is the very object it threw; its name goes in as a source URL.
  const { eval: indirectEval } = realm.global;
  return through(realm, filename, source, () => {
    realm.sys.engine.checkScript(source, filename);
    return () => indirectEval(`${source}\n//# sourceURL=${filename}`);
  });
}

function runScript(realm: Realm, answer: readonly [unknown] | Caught, showPlace: boolean): unknown {
  if (answer.length === 1) return answer[0];
  throw showPlace ? withPlaceInStack(realm, answer) : answer[0];
}

/** Whether a source that is no CommonJS would be a module: `ShouldRetryAsESM` of src/node_contextify.cc. */
export const parsesAsModule = (realm: Realm, source: string, filename: string, { message }: Refusal): boolean =>
  isModuleSyntaxError(message) &&
  through(realm, filename, source, () => realm.sys.engine.checkModule(source, filename)).refusal === undefined;
