import { isModuleSyntaxError } from "../lib/module-syntax.ts";
import { sourceMapUrl } from "../lib/source-map-url.ts";
import { syntaxError } from "../lib/syntax-error.ts";
import { SyscallError } from "../client.ts";
import { ArrayProto, objectDefineProperty, StringProto } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";

const WRAPPER = ["exports", "require", "module", "__filename", "__dirname"];

interface Compiled {
  readonly cachedDataRejected: boolean;
  readonly sourceMapURL: string | undefined;
  readonly canParseAsESM: boolean;
  readonly function: unknown;
}

/** Compiles through the host and turns a refusal into the SyntaxError V8 would throw here. */
function compile(realm: Realm, source: string, filename: string, params: readonly string[], line = 0, column = 0): unknown {
  // A hash-bang line is a comment to V8 only at the start of a script, and ours starts with a wrapper.
  const body = StringProto.startsWith(source, "#!") ? `//${StringProto.slice(source, 2)}` : source;
  try {
    return realm.compileFunction(body, filename, ArrayProto.join(params as unknown[], ", "), line, column);
  } catch (error) {
    throw error instanceof SyscallError ? syntaxError(realm, error, filename, source) : error;
  }
}

const fails = (run: () => void): SyscallError | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof SyscallError) return error;
    throw error;
  }
};

/** Whether a source that is no CommonJS would be a module: `ShouldRetryAsESM` of src/node_contextify.cc. */
const parsesAsModule = (realm: Realm, source: string, filename: string, failure: SyscallError): boolean =>
  isModuleSyntaxError(failure.message ?? "") &&
  fails(() => realm.sys.engine.checkModule(source, filename)) === undefined;

/** `internalBinding('contextify')` (src/node_contextify.cc): compiling CommonJS modules and scripts of the main context. */
export const install: InstallBinding = (binding, realm) => {
  binding["compileFunctionForCJSLoader"] = (
    source: string,
    filename: string,
    _isSeaMain: boolean,
    shouldDetectModule: boolean,
  ): Compiled => {
    const sourceMapURL = sourceMapUrl(source);
    try {
      const compiled = realm.compileFunction(
        StringProto.startsWith(source, "#!") ? `//${StringProto.slice(source, 2)}` : source,
        filename,
        ArrayProto.join(WRAPPER, ", "),
        0,
        0,
      );
      return { cachedDataRejected: false, sourceMapURL, canParseAsESM: false, function: compiled };
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (!parsesAsModule(realm, source, filename, error)) throw syntaxError(realm, error, filename, source);
      if (shouldDetectModule) return { cachedDataRejected: false, sourceMapURL, canParseAsESM: true, function: undefined };
      const decorated = syntaxError(realm, error, filename, source);
      throw decorated;
    }
  };

  binding["containsModuleSyntax"] = (source: string, filename: string): boolean => {
    const failure = fails(() => realm.compileFunction(source, filename, ArrayProto.join(WRAPPER, ", "), 0, 0));
    return failure !== undefined && parsesAsModule(realm, source, filename, failure);
  };
  binding["shouldRetryAsESM"] = (source: string, filename: string): boolean => {
    const failure = fails(() => realm.compileFunction(source, filename, "", 0, 0));
    return failure !== undefined && parsesAsModule(realm, source, filename, failure);
  };

  binding["compileFunction"] = (
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
    const compiled = compile(realm, source, filename, params ?? [], line, column);
    const hostOption = realm.privateSymbols["host_defined_option_symbol"] as symbol;
    objectDefineProperty(compiled as object, hostOption, {
      value: option ?? Symbol(filename),
      writable: true,
      configurable: true,
    });
    return { function: compiled, sourceMapURL: sourceMapUrl(source) };
  };

  binding["ContextifyScript"] = makeScriptClass(realm);
  installContexts(binding);
};

/**
 * `vm.Script` of the main context. The script runs through the realm's own indirect eval, so that what it throws is
 * the very object it threw; its name goes in as a source URL.
 */
function makeScriptClass(realm: Realm): unknown {
  const indirectEval = realm.global.eval;
  const hostOption = realm.privateSymbols["host_defined_option_symbol"] as symbol;
  return class ContextifyScript {
    readonly #code: string;
    constructor(code: string, filename: string, ...[, , , , , option]: readonly unknown[]) {
      objectDefineProperty(this, hostOption, { value: option ?? Symbol(filename), writable: true, configurable: true });
      const failure = fails(() => realm.sys.engine.checkScript(code, filename));
      if (failure) throw syntaxError(realm, failure, filename, code);
      this.#code = `${code}\n//# sourceURL=${filename}`;
      objectDefineProperty(this, "sourceMapURL", {
        value: sourceMapUrl(code),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    runInContext(context: unknown): unknown {
      if (context !== null) throw new Error("vm contexts other than the main one are not supported in sandbox");
      return indirectEval(this.#code);
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
