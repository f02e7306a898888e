import { SyscallError } from "../client.ts";
import { append } from "../lib/define.ts";
import { syntaxError } from "../lib/syntax-error.ts";
import { ArrayProto, mathMax, objectSetPrototypeOf, PromiseProto } from "../primordials.ts";
import type { Caught, Realm } from "../realm.ts";
import { cacheRejected } from "./cache-rejected.ts";
import { dynamicImporter } from "./dynamic-import.ts";
import { beginEvaluation, type Evaluation } from "./evaluations.ts";
import { missingExport } from "./missing-export.ts";
import { type ModuleHost, type ModuleRecord, type ModuleRequest, Status } from "./module-record.ts";
import type { ModulePlace } from "./native-module.ts";
import { type PortableContext, portableContext } from "./portable-context.ts";
import { readRequests } from "./requests.ts";
import { OutOfTime } from "./script-runner.ts";
import { NOTHING, type Shape } from "./script-shape.ts";
import { timedOut } from "./timed-out.ts";
import { hasTopLevelAwait, topLevelAwaitIn } from "./top-level-await.ts";
import { bytesOf } from "./view-bytes.ts";

type SetExport = (index: number, value: unknown) => void;
type SetHelper = (meta: unknown, importer: unknown, run: unknown, done: unknown) => void;

/** What a module declares is its own. */
const MODULE: Shape = { ...NOTHING, strict: true };

/** Synthetic modules (CommonJS) whose steps run right now. */
const running: PortableModule[] = [];

let lastError: { readonly error: unknown } | undefined;
const takeLastError = (): typeof lastError => {
  const taken = lastError;
  lastError = undefined;
  return taken;
};

function guarded<T>(run: () => T, onSyntax: (failure: SyscallError) => Error): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof SyscallError ? onSyntax(error) : error;
  }
}

const isOutOfTime = (error: unknown): boolean =>
  error instanceof OutOfTime || (error instanceof SyscallError && error.code === "ETIMEDOUT");

/**
 * A module the host holds, where there is no native helper. V8 tells neither its state nor its errors: the state is
 * what the graph's evaluation let know, and an error arrives as a copy unless a module of the graph's own throws it.
 */
export class PortableModule implements ModuleRecord {
  readonly requests: readonly ModuleRequest[];
  readonly #realm: Realm;
  readonly #host: ModuleHost;
  readonly #id: number;
  readonly #hasHelper: boolean;
  readonly #source: string | undefined;
  readonly #names: readonly string[] | undefined;
  readonly #symbol: symbol;
  readonly #context: PortableContext | undefined;
  #linked: readonly PortableModule[] = [];
  #status: number = Status.uninstantiated;
  #error: unknown;
  #set: SetExport | undefined;
  /** A module is evaluated once; who asks again gets the same answer. */
  #evaluation: Promise<undefined> | undefined;

  constructor(
    realm: Realm,
    host: ModuleHost,
    source: string | readonly string[],
    line: number,
    column: number,
    symbol: symbol,
    { global, cache }: ModulePlace,
  ) {
    const { engine } = realm.sys;
    this.#realm = realm;
    this.#host = host;
    this.#symbol = symbol;
    this.#context = global === undefined ? undefined : portableContext(global);
    const context = this.#context?.id ?? 0;
    if (typeof source === "string") {
      const compiled = guarded(
        () =>
          engine.compileModule(source, host.url, line, column, context, cache && bytesOf(cache)) as readonly unknown[],
        (failure) =>
          failure.code === "ECANCELED" ? cacheRejected() : syntaxError(realm, failure, host.url, source, host.maker),
      );
      // By index: array patterns ask Array.prototype for its iterator, which a program may have taken away.
      this.#id = compiled[0] as number;
      this.#hasHelper = compiled[1] === 1;
      this.#source = source;
      this.requests = readRequests(ArrayProto.slice(compiled as unknown[], 2) as string[]);
    } else {
      this.#id = engine.syntheticModule(host.url, source, context);
      this.#hasHelper = true;
      this.#names = ArrayProto.slice(source as unknown[]) as string[];
      this.requests = readRequests([]);
    }
  }

  link(records: readonly ModuleRecord[]): void {
    const linked = records as readonly PortableModule[];
    this.#linked = linked;
    const ids: number[] = [];
    for (let i = 0; i < linked.length; i++) append(ids, (linked[i] as PortableModule).#id);
    this.#realm.sys.engine.linkModule(this.#id, ids);
    if (this.#names !== undefined) this.#bind(undefined, undefined, (set: SetExport | undefined) => this.#run(set));
    else if (this.#hasHelper) this.#bindSource();
  }

  #bind(meta: unknown, importer: unknown, run: unknown): void {
    (this.#realm.sys.engine.moduleSetter(this.#id) as SetHelper)(meta, importer, run, undefined);
  }

  #bindSource(): void {
    const meta = objectSetPrototypeOf({}, null) as object;
    this.#host.initializeMeta(meta);
    this.#bind(meta, dynamicImporter(this.#realm, this.#symbol, this.#host.url), undefined);
  }

  /** A synthetic module is evaluated: its owner sets the exports. */
  #run(set: SetExport | undefined): void {
    this.#set = set;
    append(running, this);
    try {
      this.#host.evaluateSteps();
      this.#status = Status.evaluated;
    } catch (error) {
      this.#fail(error);
      throw error;
    } finally {
      ArrayProto.pop(running);
    }
  }

  #fail(error: unknown): void {
    this.#status = Status.errored;
    this.#error = error;
    lastError = { error };
  }

  instantiate(): void {
    if (this.#status >= Status.instantiated) return;
    const graph = this.#graph();
    guarded(
      () => this.#realm.sys.engine.instantiateModule(this.#id),
      (failure) => missingExport(this.#realm, failure, this.#sources(graph)),
    );
    for (let i = 0; i < graph.length; i++) {
      const module = graph[i] as PortableModule;
      if (module.#status < Status.instantiated) module.#status = Status.instantiated;
    }
  }

  #graph(): readonly PortableModule[] {
    const seen = new Set<PortableModule>();
    const list: PortableModule[] = [];
    const visit = (module: PortableModule): void => {
      if (seen.has(module)) return;
      seen.add(module);
      append(list, module);
      for (let i = 0; i < module.#linked.length; i++) visit(module.#linked[i] as PortableModule);
    };
    visit(this);
    return list;
  }

  #sources(graph: readonly PortableModule[]): readonly { readonly url: string; readonly source: string | undefined }[] {
    return ArrayProto.map(graph as unknown as unknown[], (module) => ({
      url: (module as PortableModule).#host.url,
      source: (module as PortableModule).#source,
    })) as unknown as readonly { readonly url: string; readonly source: string | undefined }[];
  }

  isGraphAsync(): boolean {
    const graph = this.#graph();
    for (let i = 0; i < graph.length; i++) if ((graph[i] as PortableModule).hasTopLevelAwait()) return true;
    return false;
  }

  hasTopLevelAwait(): boolean {
    return hasTopLevelAwait(this.#realm, this.#source);
  }

  /**
   * Evaluates through a root of its own, which says when top-level await is through. Every frame of ours below the
   * module's own takes the place of one the program would see in a stack, so there are few.
   */
  evaluate(timeout = -1): Promise<undefined> {
    if (this.#evaluation) return this.#evaluation;
    const begun = this.#begin();
    if (begun) {
      const limit = mathMax(timeout, 0);
      try {
        if (this.#context) this.#context.around(MODULE, limit, () => this.#runInTime(begun.root, limit));
        else this.#realm.sys.engine.evaluateModule(begun.root, limit);
      } catch (error) {
        const thrown = isOutOfTime(error) ? timedOut(timeout) : error;
        begun.resolve();
        this.#fail(thrown);
        throw thrown;
      }
      this.#goOn(begun);
    }
    this.#evaluation = begun?.promise ?? this.#settled();
    return this.#evaluation;
  }

  /** Runs a root's graph in a context of its own. @throws OutOfTime */
  #runInTime(root: number, limit: number): void {
    try {
      this.#realm.sys.engine.evaluateModule(root, limit);
    } catch (error) {
      throw isOutOfTime(error) ? new OutOfTime() : error;
    }
  }

  /** Of a module that has nothing to wait for. */
  #settled(): Promise<undefined> {
    if (this.#status === Status.errored) return Promise.reject(this.#error);
    this.#realm.sys.engine.evaluateModule(this.#id, 0);
    return Promise.resolve(undefined);
  }

  /** Makes the graph's root. @returns nothing where there is none to evaluate */
  #begin(): Evaluation | undefined {
    const { engine } = this.#realm.sys;
    if (this.#names !== undefined || this.#status >= Status.evaluated) return undefined;
    const graph = this.#graph();
    const mark = (status: number): void => {
      for (let i = 0; i < graph.length; i++) {
        const module = graph[i] as PortableModule;
        if (module.#status < status) module.#status = status;
      }
    };
    const root = engine.rootModule(this.#id);
    mark(Status.evaluating);
    lastError = undefined;
    const evaluation = beginEvaluation(this.#realm, root);
    const done = () => {
      mark(Status.evaluated);
      engine.moduleDone(root);
      evaluation.resolve();
    };
    (engine.moduleSetter(root) as SetHelper)(undefined, undefined, undefined, done);
    engine.instantiateModule(root);
    return evaluation;
  }

  /** Its first stretch is through. */
  #goOn(evaluation: Evaluation): void {
    const known = takeLastError();
    if (known && this.#status !== Status.evaluated) evaluation.expect(known.error);
    evaluation.onReject((error) => this.#fail(error));
  }

  evaluateSync(): void {
    const promise = this.evaluate();
    PromiseProto.then(promise, undefined, () => {});
    if (this.#status === Status.evaluating) {
      // The body threw: what it threw is known only where a CommonJS dependency tells.
      throw this.#error ?? new Error(`${this.#host.url} threw while it was evaluated`);
    }
  }

  /** Its first top-level await: V8 does not tell which one it waits at. */
  stalled(): readonly Caught[] {
    const place = topLevelAwaitIn(this.#realm, this.#host.url, this.#source);
    return place ? [place] : [];
  }

  setExport(name: string, value: unknown): void {
    const index = ArrayProto.indexOf(this.#names as unknown[], name);
    if (index >= 0) this.#set?.(index, value);
  }

  namespace(): unknown {
    return this.#realm.sys.engine.moduleNamespace(this.#id);
  }

  /** Of a graph under evaluation, only what a running CommonJS module was imported by is known to be unfinished. */
  status(): number {
    if (this.#status !== Status.evaluating) return this.#status;
    const graph = this.#graph();
    for (let i = 0; i < running.length; i++) {
      if (ArrayProto.includes(graph as unknown as unknown[], running[i])) return Status.evaluating;
    }
    return Status.evaluated;
  }

  cache(): Uint8Array {
    return this.#realm.sys.engine.moduleCache(this.#id);
  }

  error(): unknown {
    return this.#error;
  }
}
