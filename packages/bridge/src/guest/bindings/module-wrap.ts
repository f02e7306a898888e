import { below } from "../lib/arrow.ts";
import { append } from "../lib/define.ts";
import { runtimeFunctions } from "../lib/runtime-functions.ts";
import { sourceMapUrl } from "../lib/source-map-url.ts";
import { contextsIn } from "../modules/contexts.ts";
import { setImportCallback } from "../modules/dynamic-import.ts";
import type { ModuleHost, ModuleRecord, ModuleRequest } from "../modules/module-record.ts";
import { installModuleHooks, type ModulePlace, NativeModule } from "../modules/native-module.ts";
import { PortableModule } from "../modules/portable-module.ts";
import { bufferOf } from "../modules/script.ts";
import { objectDefineProperty, reflectApply, SafeWeakMap } from "../primordials.ts";
import type { Caught, InstallBinding, Realm } from "../realm.ts";

type MetaCallback = (symbol: unknown, meta: object, wrap: unknown) => void;
type StepsCallback = (this: unknown) => void;

const FACADE = "export * from 'original'; export { default } from 'original'; export const __esModule = true;";
const REJECTED = 2;

function compile(
  realm: Realm,
  host: ModuleHost,
  source: string | readonly string[],
  line: number,
  column: number,
  symbol: symbol,
  place: ModulePlace,
): ModuleRecord {
  const { native } = realm;
  if (!native) return new PortableModule(realm, host, source, line, column, symbol, place);
  return typeof source === "string"
    ? NativeModule.compile(realm, native, host, source, line, column, symbol, place)
    : NativeModule.synthetic(realm, native, host, source, place.global);
}

/** `internalBinding('module_wrap')` (src/module_wrap.cc): Node's module loader on the isolate's modules. */
export const install: InstallBinding = (binding, realm) => {
  let initializeMeta: MetaCallback = () => {};
  const hostOption = realm.privateSymbols["host_defined_option_symbol"] as symbol;
  const defaultOption = realm.symbols["source_text_module_default_hdo"];

  const instantiateRecord = (record: ModuleRecord, from: unknown): void => {
    try {
      record.instantiate();
    } catch (error) {
      throw realm.native ? below(error, from) : error;
    }
  };

  class ModuleWrap {
    readonly url: string;
    readonly #record: ModuleRecord;

    constructor(
      url: string,
      context: object | undefined,
      source: string | readonly string[],
      line: unknown,
      column?: unknown,
      option?: unknown,
    ) {
      this.url = url;
      const symbol = typeof option === "symbol" ? option : Symbol(url);
      const isText = typeof source === "string";
      const host: ModuleHost = {
        url,
        maker: ModuleWrap,
        initializeMeta: (meta) => initializeMeta(symbol, meta, this),
        evaluateSteps: () => void reflectApply(line as StepsCallback, this, []),
      };
      const atLine = isText ? (line as number) : 0;
      const atColumn = isText ? ((column ?? 0) as number) : 0;
      const place: ModulePlace = {
        global: context === undefined ? undefined : contextsIn(realm).globalOf(context),
        cache: isText && typeof option === "object" ? (option as ArrayBufferView) : undefined,
      };
      try {
        this.#record = compile(realm, host, source, atLine, atColumn, symbol, place);
      } catch (error) {
        throw realm.native ? below(error, ModuleWrap) : error;
      }
      objectDefineProperty(this, hostOption, { value: symbol, writable: true, configurable: true, enumerable: false });
      if (isText) {
        define(this, "sourceMapURL", sourceMapUrl(source));
        define(this, "sourceURL", undefined);
      } else {
        define(this, "synthetic", true);
        if (column !== undefined) define(this, realm.symbols["imported_cjs_symbol"] as symbol, column);
      }
    }

    get [Symbol.toStringTag](): string {
      return "ModuleWrap";
    }

    getModuleRequests(): readonly ModuleRequest[] {
      return this.#record.requests;
    }

    link(modules: readonly ModuleWrap[]): void {
      const linked: ModuleRecord[] = [];
      for (let i = 0; i < modules.length; i++) append(linked, (modules[i] as ModuleWrap).#record);
      this.#record.link(linked);
    }

    instantiate(): void {
      instantiateRecord(this.#record, instantiate);
    }

    instantiateSync(): boolean {
      instantiateRecord(this.#record, instantiateSync);
      return this.#record.isGraphAsync();
    }

    isGraphAsync(): boolean {
      return this.#record.isGraphAsync();
    }

    hasTopLevelAwait(): boolean {
      return this.#record.hasTopLevelAwait();
    }

    evaluate(timeout?: number): Promise<undefined> {
      return this.#record.evaluate(timeout);
    }

    evaluateSync(filename?: string, parent?: string): unknown {
      this.#record.evaluateSync();
      return this.getNamespaceSync(filename, parent);
    }

    setExport(name: string, value: unknown): void {
      this.#record.setExport(name, value);
    }

    getNamespace(): unknown {
      return this.#record.namespace();
    }

    getNamespaceSync(filename?: string, parent?: string): unknown {
      if (this.#record.isGraphAsync()) throw requireAsync(realm, filename, parent);
      return this.#record.namespace();
    }

    getStatus(): number {
      return this.#record.status();
    }

    getError(): unknown {
      return this.#record.error();
    }

    createCachedData(): Uint8Array {
      const record = this.#record;
      const bytes = record instanceof NativeModule || record instanceof PortableModule ? record.cache() : undefined;
      return bufferOf(realm, bytes ?? new Uint8Array(0));
    }

    /** Where the graph's top-level awaits wait, as far as V8 tells. */
    static stalled(wrap: unknown): readonly Caught[] {
      return #record in (wrap as object) ? (wrap as ModuleWrap).#record.stalled() : [];
    }
  }

  const { instantiate, instantiateSync } = ModuleWrap.prototype;
  const { stalled } = ModuleWrap;
  Reflect.deleteProperty(ModuleWrap, "stalled");
  stalledOf.set(realm, stalled);
  binding["ModuleWrap"] = ModuleWrap;
  realm.onAttach(() => {
    if (realm.native) installModuleHooks(realm, realm.native);
  });
  binding["setInitializeImportMetaObjectCallback"] = (callback: MetaCallback) => {
    initializeMeta = callback;
  };
  binding["setImportModuleDynamicallyCallback"] = (callback: never) => setImportCallback(realm, callback);
  binding["createRequiredModuleFacade"] = (wrap: ModuleWrap) => {
    const facade = new ModuleWrap(
      "node:internal/require_module_default_facade",
      undefined,
      FACADE,
      0,
      0,
      defaultOption,
    );
    facade.link([wrap]);
    facade.instantiate();
    return facade.evaluateSync();
  };
  binding["throwIfPromiseRejected"] = (promise: unknown) => throwIfRejected(realm, promise);
};

const stalledOf = new SafeWeakMap<Realm, (wrap: unknown) => readonly Caught[]>();

/** Where the top-level awaits of a module's graph wait, as far as V8 tells. */
export const stalledAwaits = (realm: Realm, wrap: unknown): readonly Caught[] => stalledOf.get(realm)?.(wrap) ?? [];

function throwIfRejected(realm: Realm, promise: unknown): void {
  const details = (realm.native ?? runtimeFunctions).promiseDetails?.(promise);
  if (details?.[0] === REJECTED) throw details[1];
}

/** `require()` of a graph that awaits (`THROW_ERR_REQUIRE_ASYNC_MODULE`, src/node_errors.h). */
function requireAsync(realm: Realm, filename: string | undefined, parent: string | undefined): Error {
  const { codes } = realm.requireBuiltin<{ codes: Record<string, new (...args: unknown[]) => Error> }>(
    "internal/errors",
  );
  const RequireAsync = codes["ERR_REQUIRE_ASYNC_MODULE"] as new (...args: unknown[]) => Error;
  return new RequireAsync(filename, parent);
}

function define(target: object, key: PropertyKey, value: unknown): void {
  objectDefineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
