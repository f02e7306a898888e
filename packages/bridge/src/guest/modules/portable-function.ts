import { SyscallError } from "../client.ts";
import { append } from "../lib/define.ts";
import { NativeFunction } from "../lib/intrinsics.ts";
import { syntaxError } from "../lib/syntax-error.ts";
import { ArrayProto, reflectApply, reflectConstruct, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { dynamicImporter } from "./dynamic-import.ts";
import { portableContext } from "./portable-context.ts";
import { finisher } from "./portable-script.ts";
import { mainStage, type Origin, runWhole, StageLost } from "./script-runner.ts";
import { IMPORTER, importsOf, replaceAt } from "./script-shape.ts";

/** What a function is compiled with. */
export interface FunctionParts {
  readonly source: string;
  readonly origin: Origin;
  readonly params: readonly string[];
  /** Tells the loader who calls `import()` in it. */
  readonly symbol: symbol;
  readonly global: object | undefined;
  /** Objects whose properties the function sees as variables. */
  readonly extensions: readonly object[];
}

/** Variables the extensions stand in; names no program uses by chance. */
const extensionName = (index: number): string => `\u00ebxt${index}`;

/** A script whose value takes an importer and the extensions and gives the function. */
export function functionScript(
  realm: Realm,
  { source, params, extensions, origin }: FunctionParts,
): {
  readonly text: string;
  readonly place: Origin;
} {
  // A hash-bang line is a comment to V8 only at the start of a script, and ours starts with a wrapper.
  const plain = StringProto.startsWith(source, "#!") ? `//${StringProto.slice(source, 2)}` : source;
  const body = replaceAt(plain, importsOf(realm, plain), IMPORTER);
  let names = IMPORTER;
  let scopes = "";
  for (let i = 0; i < extensions.length; i++) {
    names += `,${extensionName(i)}`;
    scopes += `with(${extensionName(i)})`;
  }
  // V8 itself begins the body on a line of its own, which shows when the function is printed; then no column can be set.
  const isMultiline = origin.column === 0;
  const list = ArrayProto.join(params as unknown[], ", ");
  const head = `(function(${names}){${scopes}{return (function (${list}) {${isMultiline ? "\n" : ""}`;
  const { line, column } = origin;
  const place = isMultiline ? { ...origin, line: line - 1 } : { ...origin, column: column - head.length };
  return { text: `${head}${body}\n})}})`, place };
}

/** What V8 says of a body that closes the wrapper around it, where it makes a function of it by itself. */
const CLOSES_WRAPPER = "Single function literal required";

/** @throws SyntaxError where the body is none by itself, whatever a wrapper makes of it */
function checkBody({ source, params }: FunctionParts): void {
  const body = StringProto.startsWith(source, "#!") ? `//${StringProto.slice(source, 2)}` : source;
  try {
    reflectConstruct(NativeFunction, [ArrayProto.join(params as unknown[], ","), body]);
  } catch (error) {
    if ((error as Error).message === CLOSES_WRAPPER) throw new SyntaxError("Unexpected token '}'");
    throw error;
  }
}

function refusable(realm: Realm, { filename }: Origin, source: string, compile: () => void): void {
  try {
    compile();
  } catch (error) {
    throw error instanceof SyscallError ? syntaxError(realm, error, filename, source) : error;
  }
}

/** `vm.compileFunction` without the native helper. */
export function compilePortableFunction(realm: Realm, parts: FunctionParts): unknown {
  const { origin, symbol, extensions, global } = parts;
  const stage = (global && portableContext(global)) ?? mainStage;
  const { text, place } = functionScript(realm, parts);
  // Compiled before anything of it runs; here V8 tells the place of what is wrong, too.
  refusable(realm, place, parts.source, () =>
    realm.sys.engine.checkScript(text, place.filename, place.line, place.column, undefined, false),
  );
  checkBody(parts);
  let make: unknown;
  try {
    make = runWhole(realm, stage, text, place, 0);
  } catch (error) {
    if (!(error instanceof StageLost)) throw error;
    make = stage.evaluate(finisher(origin)(text));
  }
  const args: unknown[] = [dynamicImporter(realm, symbol, origin.filename)];
  for (let i = 0; i < extensions.length; i++) append(args, extensions[i]);
  return reflectApply(make as (...args: unknown[]) => unknown, undefined, args);
}
