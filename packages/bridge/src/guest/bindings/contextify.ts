import { sourceMapUrl } from "../lib/source-map-url.ts";
import { type Compiled, compileFunction, compileScript, parsesAsModule } from "../modules/compile.ts";
import { objectDefineProperty, SafeWeakMap } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";

const WRAPPER = ["exports", "require", "module", "__filename", "__dirname"];

interface CommonJs {
  readonly cachedDataRejected: boolean;
  readonly sourceMapURL: string | undefined;
  readonly canParseAsESM: boolean;
  readonly function: unknown;
}

/** @throws the SyntaxError of a source V8 refused */
function accepted(compiled: Compiled, from: unknown): unknown {
  if (compiled.refusal) throw compiled.refusal.error(from);
  return compiled.value;
}

/** `internalBinding('contextify')` (src/node_contextify.cc): compiling CommonJS modules and scripts of the main context. */
export const install: InstallBinding = (binding, realm) => {
  const byLoader = realm.symbols["vm_dynamic_import_default_internal"] as symbol;
  const hostOption = realm.privateSymbols["host_defined_option_symbol"] as symbol;
  const contexts = new Contexts(realm);

  const compileFunctionForCJSLoader = (
    source: string,
    filename: string,
    _isSeaMain: boolean,
    shouldDetectModule: boolean,
  ): CommonJs => {
    const compiled = compileFunction(realm, source, filename, WRAPPER, byLoader);
    const { refusal } = compiled;
    const canParseAsESM =
      refusal !== undefined && shouldDetectModule && parsesAsModule(realm, source, filename, refusal);
    const fn = canParseAsESM ? undefined : accepted(compiled, compileFunctionForCJSLoader);
    return { cachedDataRejected: false, sourceMapURL: sourceMapUrl(source), canParseAsESM, function: fn };
  };

  binding["compileFunctionForCJSLoader"] = compileFunctionForCJSLoader;

  const isModule = (source: string, filename: string, params: readonly string[]): boolean => {
    const { refusal } = compileFunction(realm, source, filename, params, byLoader);
    return refusal !== undefined && parsesAsModule(realm, source, filename, refusal);
  };
  binding["containsModuleSyntax"] = (source: string, filename: string): boolean => isModule(source, filename, WRAPPER);
  binding["shouldRetryAsESM"] = (source: string, filename: string): boolean => isModule(source, filename, []);

  const compileGiven = (
    source: string,
    filename: string,
    line: number,
    column: number,
    _cachedData: unknown,
    _produce: boolean,
    context: object | undefined,
    extensions: readonly object[] | undefined,
    params: readonly string[] | undefined,
    option: symbol | undefined,
  ) => {
    const symbol = option ?? Symbol(filename);
    if (extensions !== undefined && extensions.length > 0) throw unsupported("compileFunction with contextExtensions");
    const global = context && contexts.globalOf(context);
    const compiled = compileFunction(realm, source, filename, params ?? [], symbol, line, column, global);
    const fn = accepted(compiled, compileGiven);
    objectDefineProperty(fn as object, hostOption, { value: symbol, writable: true, configurable: true });
    return { function: fn, sourceMapURL: sourceMapUrl(source) };
  };

  binding["compileFunction"] = compileGiven;
  binding["ContextifyScript"] = makeScriptClass(realm, contexts);
  installContexts(binding, realm, contexts);
};

const unsupported = (api: string): Error => {
  const error = new Error(`vm.${api} is not supported in sandbox`) as Error & { code: string };
  error.code = "ERR_SANDBOX_VM_UNSUPPORTED";
  return error;
};

/** The contexts programs made, by the object each was made of. */
class Contexts {
  readonly #globals = new SafeWeakMap<object, object>();
  readonly #realm: Realm;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  has(target: object): boolean {
    return this.#globals.has(target);
  }

  globalOf(target: object): object {
    const global = this.#globals.get(target);
    if (global) return global;
    throw unsupported("compileFunction in an object that is no context");
  }

  /** -> the global of a new context. @throws where there is no native helper */
  make(target: object | undefined): object {
    const global = this.#realm.native?.makeContext(target);
    if (!global) throw unsupported("createContext");
    this.#globals.set(target ?? global, global);
    return global;
  }
}

/** `vm.Script`. */
function makeScriptClass(realm: Realm, contexts: Contexts): unknown {
  const hostOption = realm.privateSymbols["host_defined_option_symbol"] as symbol;
  return class ContextifyScript {
    readonly #run: (showPlace: boolean, global?: object) => unknown;
    constructor(code: string, filename: string, ...[line = 0, column = 0, , , , option]: readonly unknown[]) {
      const symbol = typeof option === "symbol" ? option : Symbol(filename);
      objectDefineProperty(this, hostOption, { value: symbol, writable: true, configurable: true });
      const compiled = compileScript(realm, code, filename, line as number, column as number, symbol);
      this.#run = accepted(compiled, ContextifyScript) as (showPlace: boolean, global?: object) => unknown;
      objectDefineProperty(this, "sourceMapURL", {
        value: sourceMapUrl(code),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    runInContext(context: object | null, _timeout: unknown, displayErrors: unknown): unknown {
      return this.#run(displayErrors === true, context === null ? undefined : contexts.globalOf(context));
    }
    createCachedData(): Uint8Array {
      return new Uint8Array(0);
    }
  };
}

function installContexts(binding: Record<string, unknown>, realm: Realm, contexts: Contexts): void {
  const vanilla = realm.symbols["vm_context_no_contextify"];
  const hostOption = realm.privateSymbols["host_defined_option_symbol"] as symbol;
  const mark = realm.privateSymbols["contextify_context_private_symbol"] as symbol;
  binding["isContext"] = (value: object) => contexts.has(value);
  binding["makeContext"] = (
    target: object | symbol,
    ...[, , strings, , , option]: readonly [unknown, unknown, boolean, unknown, unknown, unknown]
  ) => {
    // isolated-vm answers V8's question whether code may come from strings for all contexts alike: with yes.
    if (!strings) throw unsupported("createContext with codeGeneration.strings: false");
    const object = target === vanilla ? undefined : (target as object);
    const global = contexts.make(object);
    const result = object ?? global;
    // What the library's own `isContext` asks for.
    realm.native?.setPrivate(result, mark, global);
    realm.native?.setPrivate(result, hostOption, option);
    return result;
  };
  // No signal interrupts a program here: there is never one to report.
  binding["startSigintWatchdog"] = () => true;
  binding["stopSigintWatchdog"] = () => false;
  binding["watchdogHasPendingSigint"] = () => false;
}
