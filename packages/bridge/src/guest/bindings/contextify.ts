import { sourceMapUrl } from "../lib/source-map-url.ts";
import { type Compiled, compileFunction, compileScript, parsesAsModule } from "../modules/compile.ts";
import { objectDefineProperty } from "../primordials.ts";
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
    _context: unknown,
    _extensions: unknown,
    params: readonly string[] | undefined,
    option: symbol | undefined,
  ) => {
    const symbol = option ?? Symbol(filename);
    const fn = accepted(compileFunction(realm, source, filename, params ?? [], symbol, line, column), compileGiven);
    objectDefineProperty(fn as object, hostOption, { value: symbol, writable: true, configurable: true });
    return { function: fn, sourceMapURL: sourceMapUrl(source) };
  };

  binding["compileFunction"] = compileGiven;
  binding["ContextifyScript"] = makeScriptClass(realm);
  installContexts(binding);
};

/** `vm.Script` of the main context. */
function makeScriptClass(realm: Realm): unknown {
  const hostOption = realm.privateSymbols["host_defined_option_symbol"] as symbol;
  return class ContextifyScript {
    readonly #run: (showPlace: boolean) => unknown;
    constructor(code: string, filename: string, ...[line = 0, column = 0, , , , option]: readonly unknown[]) {
      const symbol = typeof option === "symbol" ? option : Symbol(filename);
      objectDefineProperty(this, hostOption, { value: symbol, writable: true, configurable: true });
      const compiled = compileScript(realm, code, filename, line as number, column as number, symbol);
      this.#run = accepted(compiled, ContextifyScript) as (showPlace: boolean) => unknown;
      objectDefineProperty(this, "sourceMapURL", {
        value: sourceMapUrl(code),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    runInContext(context: unknown, _timeout: unknown, displayErrors: unknown): unknown {
      if (context !== null) throw new Error("vm contexts other than the main one are not supported in sandbox");
      return this.#run(displayErrors === true);
    }
    createCachedData(): Uint8Array {
      return new Uint8Array(0);
    }
  };
}

function installContexts(binding: Record<string, unknown>): void {
  binding["isContext"] = () => false;
  binding["makeContext"] = () => {
    const error = new Error("vm.createContext is not supported in sandbox") as Error & { code: string };
    error.code = "ERR_SANDBOX_VM_UNSUPPORTED";
    throw error;
  };
  binding["startSigintWatchdog"] = () => {};
  binding["stopSigintWatchdog"] = () => false;
  binding["watchdogHasPendingSigint"] = () => false;
}
