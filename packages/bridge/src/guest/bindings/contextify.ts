import { dataDescriptor } from "../lib/define.ts";
import { sourceMapUrl } from "../lib/source-map-url.ts";
import { compileFunction, parsesAsModule } from "../modules/compile.ts";
import { contextsIn } from "../modules/contexts.ts";
import { accepted, makeScriptClass, tellCaches } from "../modules/script.ts";
import { objectDefineProperty, reflectDefineProperty, reflectSet } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";

const WRAPPER = ["exports", "require", "module", "__filename", "__dirname"];

interface CommonJs {
  readonly cachedDataRejected: boolean;
  readonly sourceMapURL: string | undefined;
  readonly canParseAsESM: boolean;
  readonly function: unknown;
}

/** `internalBinding('contextify')` (src/node_contextify.cc): CommonJS modules, scripts, contexts. */
export const install: InstallBinding = (binding, realm) => {
  const byLoader = realm.symbols["vm_dynamic_import_default_internal"] as symbol;
  const hostOption = realm.privateSymbols["host_defined_option_symbol"] as symbol;
  const contexts = contextsIn(realm);

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
  binding["containsModuleSyntax"] = (source: string, filename: string, _resource: unknown, bare: unknown): boolean =>
    isModule(source, filename, bare === undefined ? WRAPPER : []);
  binding["shouldRetryAsESM"] = (source: string, filename: string): boolean => isModule(source, filename, []);

  const compileGiven = (
    source: string,
    filename: string,
    line: number,
    column: number,
    cache: ArrayBufferView | undefined,
    produce: boolean,
    context: object | undefined,
    extensions: readonly object[] | undefined,
    params: readonly string[] | undefined,
    option: symbol | undefined,
  ) => {
    const symbol = option ?? Symbol(filename);
    const global = context && contexts.globalOf(context);
    const given = { isGiven: true, line, column, global, extensions, cache, produce };
    const compiled = compileFunction(realm, source, filename, params ?? [], symbol, given);
    const fn = accepted(compiled, compileGiven);
    objectDefineProperty(fn as object, hostOption, { value: symbol, writable: true, configurable: true });
    const result = { function: fn, sourceMapURL: sourceMapUrl(source) };
    tellCaches(realm, result, cache, produce, compiled);
    return result;
  };

  binding["compileFunction"] = compileGiven;
  binding["ContextifyScript"] = makeScriptClass(realm);
  installContexts(binding, realm);
};

function installContexts(binding: Record<string, unknown>, realm: Realm): void {
  const contexts = contextsIn(realm);
  const vanilla = realm.symbols["vm_context_no_contextify"];
  const hostOption = realm.privateSymbols["host_defined_option_symbol"] as symbol;
  const mark = realm.privateSymbols["contextify_context_private_symbol"] as symbol;
  binding["isContext"] = (value: object) => contexts.has(value);
  binding["makeContext"] = (
    target: object | symbol,
    _name: unknown,
    _origin: unknown,
    strings: boolean,
    wasm: boolean,
    ownMicrotasks: boolean,
    option: unknown,
  ) => {
    const object = target === vanilla ? undefined : (target as object);
    const global = contexts.make(object, { strings, wasm, ownMicrotasks });
    const result = object ?? global;
    // What the library's own `isContext` asks for.
    setPrivate(realm, result, mark, global);
    setPrivate(realm, result, hostOption, option);
    // What `import()` asks for in code that came from a string and no script's.
    setPrivate(realm, global, hostOption, option);
    return result;
  };
  // No signal interrupts a program here: there is never one to report.
  binding["startSigintWatchdog"] = () => true;
  binding["stopSigintWatchdog"] = () => false;
  binding["watchdogHasPendingSigint"] = () => false;
}

/** Proxies take V8's private symbols from nobody but the native helper. */
function setPrivate({ native }: Realm, target: object, key: symbol, value: unknown): void {
  if (native) native.setPrivate(target, key, value);
  else if (!reflectDefineProperty(target, key, dataDescriptor(value, false))) reflectSet(target, key, value);
}
