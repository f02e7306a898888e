import { SyscallError } from "../client.ts";
import { dynamicImporter, setImportCallback } from "../modules/dynamic-import.ts";
import { beginEvaluation } from "../modules/evaluations.ts";
import { missingExport } from "../modules/missing-export.ts";
import { hasTopLevelAwait } from "../modules/top-level-await.ts";
import { syntaxError } from "../lib/syntax-error.ts";
import { sourceMapUrl } from "../lib/source-map-url.ts";
import { ArrayProto, objectDefineProperty, objectFreeze, objectSetPrototypeOf, jsonParse, reflectApply } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";

/** Module::Status of v8-script.h, as the binding's constants have it. */
const Status = { uninstantiated: 0, instantiating: 1, instantiated: 2, evaluating: 3, evaluated: 4, errored: 5 } as const;

type MetaCallback = (symbol: unknown, meta: object, wrap: unknown) => void;
type StepsCallback = (this: unknown) => void;
type SetExport = (index: number, value: unknown) => void;
type SetHelper = (meta: unknown, importer: unknown, run: unknown, done: unknown) => void;

interface ModuleRequest {
  readonly specifier: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const FACADE = "export * from 'original'; export { default } from 'original'; export const __esModule = true;";

/** `internalBinding('module_wrap')` (src/module_wrap.cc): Node's module loader on the isolate's modules. */
export const install: InstallBinding = (binding, realm) => {
  let initializeMeta: MetaCallback = () => {};
  const { engine } = realm.sys;
  const hostOption = realm.privateSymbols["host_defined_option_symbol"] as symbol;
  const defaultOption = realm.symbols["source_text_module_default_hdo"];

  const guarded = <T>(run: () => T, onSyntax: (failure: SyscallError) => Error): T => {
    try {
      return run();
    } catch (error) {
      throw error instanceof SyscallError ? onSyntax(error) : error;
    }
  };

  class ModuleWrap {
    readonly url: string;
    readonly id: number;
    readonly #requests: readonly ModuleRequest[] = [];
    readonly #names: readonly string[] | undefined;
    #source: string | undefined;
    #hasHelper = false;
    #status: number = Status.uninstantiated;
    #error: unknown;
    #linked: readonly ModuleWrap[] = [];
    #set: SetExport | undefined;
    readonly #steps: StepsCallback | undefined;

    constructor(url: string, context: unknown, source: string | readonly string[], line: unknown, column?: number, option?: unknown) {
      if (context !== undefined) throw new Error("modules of vm contexts are not supported in sandbox");
      this.url = url;
      if (typeof source === "string") {
        const [id, hasHelper, ...requests] = guarded(
          () => engine.compileModule(source, url, line as number, column ?? 0),
          (failure) => syntaxError(realm, failure, url, source),
        );
        this.id = id as number;
        this.#hasHelper = hasHelper === 1;
        this.#source = source;
        this.#requests = readRequests(requests as string[]);
        define(this, "sourceMapURL", sourceMapUrl(source));
        define(this, "sourceURL", undefined);
      } else {
        this.id = engine.syntheticModule(url, source);
        this.#names = ArrayProto.slice(source as unknown[]) as string[];
        this.#steps = line as StepsCallback;
        define(this, "synthetic", true);
      }
      const symbol = option === undefined || typeof option !== "symbol" ? Symbol(url) : option;
      objectDefineProperty(this, hostOption, { value: symbol, writable: true, configurable: true, enumerable: false });
    }

    get [Symbol.toStringTag](): string {
      return "ModuleWrap";
    }

    getModuleRequests(): readonly ModuleRequest[] {
      return this.#requests;
    }

    link(modules: readonly ModuleWrap[]): void {
      this.#linked = modules;
      const ids: number[] = [];
      for (let i = 0; i < modules.length; i++) ids[i] = (modules[i] as ModuleWrap).id;
      engine.linkModule(this.id, ids);
      if (this.#names !== undefined) this.#bind(undefined, undefined, (set: SetExport | undefined) => this.#run(set));
      else if (this.#hasHelper) this.#bindSource();
    }

    #bind(meta: unknown, importer: unknown, run: unknown): void {
      (engine.moduleSetter(this.id) as SetHelper)(meta, importer, run, undefined);
    }

    #bindSource(): void {
      const symbol = (this as unknown as Record<symbol, unknown>)[hostOption];
      const meta = objectSetPrototypeOf({}, null) as object;
      initializeMeta(symbol, meta, this);
      this.#bind(meta, dynamicImporter(realm, symbol, this.url), undefined);
    }

    /** A synthetic module is evaluated: its owner sets the exports. */
    #run(set: SetExport | undefined): void {
      this.#set = set;
      try {
        if (this.#steps) reflectApply(this.#steps, this, []);
        this.#status = Status.evaluated;
      } catch (error) {
        this.#fail(error);
        throw error;
      }
    }

    #fail(error: unknown): void {
      this.#status = Status.errored;
      this.#error = error;
      lastError = { error };
    }

    instantiate(): void {
      if (this.#status >= Status.instantiated) return;
      guarded(
        () => engine.instantiateModule(this.id),
        (failure) => missingExport(realm, failure, this.#graph()),
      );
      this.#status = Status.instantiated;
    }

    instantiateSync(): boolean {
      this.instantiate();
      return this.isGraphAsync();
    }

    #graph(): readonly { readonly url: string; readonly source: string | undefined }[] {
      const seen = new Set<ModuleWrap>();
      const visit = (wrap: ModuleWrap): void => {
        if (seen.has(wrap)) return;
        seen.add(wrap);
        for (let i = 0; i < wrap.#linked.length; i++) visit(wrap.#linked[i] as ModuleWrap);
      };
      visit(this);
      const nodes: { url: string; source: string | undefined }[] = [];
      seen.forEach((wrap) => {
        nodes[nodes.length] = { url: wrap.url, source: wrap.#source };
      });
      return nodes;
    }

    isGraphAsync(): boolean {
      const graph = this.#graph();
      for (let i = 0; i < graph.length; i++) if (hasTopLevelAwait(realm, graph[i]?.source)) return true;
      return false;
    }

    hasTopLevelAwait(): boolean {
      return hasTopLevelAwait(realm, this.#source);
    }

    /** Evaluates through a root of its own; settles when top-level await is through. */
    evaluate(): Promise<undefined> {
      if (this.#names !== undefined) {
        engine.evaluateModule(this.id);
        return Promise.resolve(undefined);
      }
      const root = engine.rootModule(this.id);
      this.#status = Status.evaluating;
      lastError = undefined;
      const evaluation = beginEvaluation(realm);
      const done = () => {
        this.#status = Status.evaluated;
        evaluation.resolve();
      };
      (engine.moduleSetter(root) as SetHelper)(undefined, undefined, undefined, done);
      engine.instantiateModule(root);
      engine.evaluateModule(root);
      const known = takeLastError();
      if (known && this.#status !== Status.evaluated) evaluation.expect(known.error);
      evaluation.onReject((error) => this.#fail(error));
      return evaluation.promise;
    }

    evaluateSync(): unknown {
      const promise = this.evaluate();
      PromiseCatch(promise);
      if (this.#status === Status.evaluating) {
        // The body threw: what it threw is known only where the helper or a CommonJS dependency tells.
        throw this.#error ?? new Error(`${this.url} threw while it was evaluated`);
      }
      return this.getNamespace();
    }

    setExport(name: string, value: unknown): void {
      const index = ArrayProto.indexOf(this.#names as unknown[], name);
      if (index >= 0) this.#set?.(index, value);
    }

    getNamespace(): unknown {
      return engine.moduleNamespace(this.id);
    }

    getNamespaceSync(): unknown {
      return this.getNamespace();
    }

    getStatus(): number {
      return this.#status;
    }

    getError(): unknown {
      return this.#error;
    }

    createCachedData(): Uint8Array {
      return new Uint8Array(0);
    }
  }

  let lastError: { readonly error: unknown } | undefined;
  const takeLastError = (): typeof lastError => {
    const taken = lastError;
    lastError = undefined;
    return taken;
  };

  binding["ModuleWrap"] = ModuleWrap;
  binding["setInitializeImportMetaObjectCallback"] = (callback: MetaCallback) => {
    initializeMeta = callback;
  };
  binding["setImportModuleDynamicallyCallback"] = (callback: never) => setImportCallback(realm, callback);
  binding["createRequiredModuleFacade"] = (wrap: ModuleWrap) => {
    const facade = new ModuleWrap("node:internal/require_module_default_facade", undefined, FACADE, 0, 0, defaultOption);
    facade.link([wrap]);
    facade.instantiate();
    engine.evaluateModule(facade.id);
    return facade.getNamespace();
  };
  binding["throwIfPromiseRejected"] = (promise: unknown) => throwIfRejected(realm, promise);
};

const PromiseCatch = (promise: Promise<unknown>): void => {
  promise.catch(() => {});
};

function throwIfRejected(realm: Realm, promise: unknown): void {
  const details = realm.native?.promiseDetails(promise);
  if (details?.[0] === 2) throw details[1];
}

function define(target: object, key: PropertyKey, value: unknown): void {
  objectDefineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

function readRequests(flat: readonly string[]): readonly ModuleRequest[] {
  const requests: ModuleRequest[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const attributes = objectSetPrototypeOf(jsonParse(flat[i + 1] as string) as object, null) as Record<string, string>;
    requests[requests.length] = { specifier: flat[i] as string, attributes };
  }
  return objectFreeze(requests);
}
