import { putOwn } from "../lib/define.ts";
import { sourceMapUrl, sourceUrl } from "../lib/source-map-url.ts";
import { objectDefineProperty } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { type Compiled, compileScript, type Run } from "./compile.ts";
import { contextsIn } from "./contexts.ts";

interface Cached {
  readonly cacheRefused?: boolean | undefined;
  readonly cache?: Uint8Array | undefined;
}

/** A code cache as programs see it. */
export function bufferOf(realm: Realm, bytes: Uint8Array): Uint8Array {
  const { FastBuffer } = realm.requireBuiltin<{ FastBuffer: new (bytes: ArrayBufferLike) => Uint8Array }>(
    "internal/buffer",
  );
  return new FastBuffer(bytes.buffer);
}

/** What became of caches, told as `StoreCodeCacheResult` of src/node_contextify.cc does. */
export function tellCaches(realm: Realm, target: object, given: unknown, produce: unknown, result: Cached): void {
  if (given !== undefined) putOwn(target, "cachedDataRejected", result.cacheRefused !== false);
  if (produce !== true) return;
  if (result.cache) putOwn(target, "cachedData", bufferOf(realm, result.cache));
  putOwn(target, "cachedDataProduced", result.cache !== undefined);
}

/** @throws the SyntaxError of a source V8 refused */
export function accepted<T>(compiled: Compiled<T>, from: unknown): T {
  if (compiled.refusal) throw compiled.refusal.error(from);
  return compiled.value;
}

/** `vm.Script` (`ContextifyScript` of src/node_contextify.cc). */
export function makeScriptClass(realm: Realm): unknown {
  const hostOption = realm.privateSymbols["host_defined_option_symbol"] as symbol;
  const contexts = contextsIn(realm);
  class ContextifyScript {
    readonly #run: Run;
    constructor(
      code: string,
      filename: string,
      line: unknown = 0,
      column: unknown = 0,
      given?: unknown,
      produce?: unknown,
      parsingContext?: unknown,
      option?: unknown,
    ) {
      const symbol = typeof option === "symbol" ? option : Symbol(filename);
      objectDefineProperty(this, hostOption, { value: symbol, writable: true, configurable: true });
      const compiled = compileScript(realm, code, filename, line as number, column as number, symbol, {
        global: parsingContext === undefined ? undefined : contexts.globalOf(parsingContext as object),
        cache: given as ArrayBufferView | undefined,
      });
      this.#run = accepted(compiled, ContextifyScript);
      const cache = produce === true ? this.#run.cache() : undefined;
      tellCaches(realm, this, given, produce, { cacheRefused: compiled.cacheRefused, cache });
      putOwn(this, "sourceURL", sourceUrl(code));
      putOwn(this, "sourceMapURL", sourceMapUrl(code));
    }
    runInContext(context: object | null, timeout: unknown, displayErrors: unknown): unknown {
      const global = context === null ? undefined : contexts.globalOf(context);
      return this.#run.run(displayErrors === true, runInContext, global, timeout as number | undefined);
    }
    createCachedData(): Uint8Array {
      return bufferOf(realm, this.#run.cache() ?? new Uint8Array(0));
    }
  }
  const { runInContext } = ContextifyScript.prototype;
  return ContextifyScript;
}
