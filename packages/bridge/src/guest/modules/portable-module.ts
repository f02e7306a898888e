import { SyscallError } from "../client.ts";
import { append } from "../lib/define.ts";
import { syntaxError } from "../lib/syntax-error.ts";
import {
  ArrayProto,
  jsonParse,
  mathMax,
  objectFreeze,
  objectSetPrototypeOf,
  PromiseProto,
  StringProto,
} from "../primordials.ts";
import type { Caught, Realm } from "../realm.ts";
import { cacheRejected } from "./cache-rejected.ts";
import { dynamicImporter } from "./dynamic-import.ts";
import { beginEvaluation } from "./evaluations.ts";
import { missingExport } from "./missing-export.ts";
import { type ModuleHost, type ModuleRecord, type ModuleRequest, Status } from "./module-record.ts";
import type { ModulePlace } from "./native-module.ts";
import { type PortableContext, portableContext } from "./portable-context.ts";
import { OutOfTime } from "./script-runner.ts";
import { timedOut } from "./timed-out.ts";
import { hasTopLevelAwait, topLevelAwait } from "./top-level-await.ts";
import { bytesOf } from "./view-bytes.ts";

type SetExport = (index: number, value: unknown) => void;
type SetHelper = (meta: unknown, importer: unknown, run: unknown, done: unknown) => void;

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

function readRequests(flat: readonly string[]): readonly ModuleRequest[] {
  const requests: ModuleRequest[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const attributes = objectSetPrototypeOf(jsonParse(flat[i + 1] as string) as object, null) as Record<string, string>;
    append(requests, { specifier: flat[i] as string, attributes });
  }
  return objectFreeze(requests);
}

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

  /** Evaluates through a root of its own, which says when top-level await is through. */
  evaluate(timeout = -1): Promise<undefined> {
    this.#evaluation ??= this.#status === Status.errored ? Promise.reject(this.#error) : this.#evaluateOnce(timeout);
    return this.#evaluation;
  }

  /** Runs a root's graph. @throws the error of a time limit that was over */
  #runRoot(root: number, timeout: number): void {
    const run = (): void => {
      try {
        this.#realm.sys.engine.evaluateModule(root, mathMax(timeout, 0));
      } catch (error) {
        throw error instanceof SyscallError && error.code === "ETIMEDOUT" ? new OutOfTime() : error;
      }
    };
    try {
      if (this.#context) this.#context.inTurn(mathMax(timeout, 0), run);
      else run();
    } catch (error) {
      throw error instanceof OutOfTime ? timedOut(timeout) : error;
    }
  }

  #evaluateOnce(timeout: number): Promise<undefined> {
    const { engine } = this.#realm.sys;
    if (this.#names !== undefined || this.#status === Status.evaluated) {
      engine.evaluateModule(this.#id, 0);
      return Promise.resolve(undefined);
    }
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
    const evaluation = beginEvaluation(this.#realm);
    const done = () => {
      mark(Status.evaluated);
      evaluation.resolve();
    };
    (engine.moduleSetter(root) as SetHelper)(undefined, undefined, undefined, done);
    engine.instantiateModule(root);
    try {
      this.#runRoot(root, timeout);
    } catch (error) {
      evaluation.resolve();
      this.#fail(error);
      throw error;
    }
    const known = takeLastError();
    if (known && this.#status !== Status.evaluated) evaluation.expect(known.error);
    if (this.#status !== Status.evaluated && !this.isGraphAsync()) evaluation.failed();
    evaluation.onReject((error) => this.#fail(error));
    return evaluation.promise;
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
    const at = topLevelAwait(this.#realm, this.#source);
    if (at === undefined || this.#source === undefined) return [];
    const lines = StringProto.split(StringProto.slice(this.#source, 0, at), "\n");
    const column = (lines[lines.length - 1] as string).length;
    const text = StringProto.split(this.#source, "\n")[lines.length - 1] as string;
    return [[undefined, this.#host.url, lines.length, column, column + 1, text]];
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
