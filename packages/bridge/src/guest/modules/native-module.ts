import { withPlace } from "../lib/arrow.ts";
import { append } from "../lib/define.ts";
import { arrayIsArray, objectFreeze, PromiseProto, SafeMap, SafeWeakMap } from "../primordials.ts";
import type { Caught, NativeHelper, Realm } from "../realm.ts";
import { cacheRejected } from "./cache-rejected.ts";
import { attributesFrom, importCallback } from "./dynamic-import.ts";
import type { ModuleHost, ModuleRecord, ModuleRequest } from "./module-record.ts";
import { timedOut } from "./timed-out.ts";
import { hasTopLevelAwait } from "./top-level-await.ts";

/** Promise::PromiseState of v8-promise.h. */
const REJECTED = 2;

/** Where else a module belongs. */
export interface ModulePlace {
  /** That of its context; without one, the main context. */
  readonly global: object | undefined;
  readonly cache: ArrayBufferView | undefined;
}

const isLate = (answer: Promise<unknown> | readonly []): answer is readonly [] => arrayIsArray(answer);

type HostMap = SafeMap<number, ModuleHost>;

const hostsOf = new SafeWeakMap<Realm, HostMap>();

/** Connects V8's module callbacks: `import()`, `import.meta`, the steps of synthetic modules. */
export function installModuleHooks(realm: Realm, native: NativeHelper): void {
  const hosts: HostMap = new SafeMap();
  hostsOf.set(realm, hosts);
  native.setModuleHooks(
    importCallback(realm),
    (id, meta) => hosts.get(id)?.initializeMeta(meta),
    (id) => hosts.get(id)?.evaluateSteps(),
  );
}

/** A module the native helper holds: V8's own state, errors and promises. */
export class NativeModule implements ModuleRecord {
  readonly requests: readonly ModuleRequest[];
  readonly #id: number;
  readonly #realm: Realm;
  readonly #native: NativeHelper;
  readonly #source: string | undefined;

  private constructor(
    realm: Realm,
    native: NativeHelper,
    host: ModuleHost,
    id: number,
    requests: readonly ModuleRequest[],
    source?: string,
  ) {
    this.#realm = realm;
    this.#native = native;
    this.#id = id;
    this.#source = source;
    this.requests = objectFreeze(requests);
    (hostsOf.get(realm) as HostMap).set(id, host);
  }

  /** @throws SyntaxError */
  static compile(
    realm: Realm,
    native: NativeHelper,
    host: ModuleHost,
    source: string,
    line: number,
    column: number,
    symbol: symbol,
    { global, cache }: ModulePlace,
  ): NativeModule {
    const answer = native.compileModule(source, host.url, line, column, symbol, global, cache);
    if (!answer) {
      throw cacheRejected();
    }
    const id = answer[0];
    if (typeof id !== "number") throw withPlace(realm, answer as Caught);
    const requests: ModuleRequest[] = [];
    for (let i = 1; i < answer.length; i += 2) {
      append(requests, { specifier: answer[i] as string, attributes: attributesFrom(answer[i + 1] as string[]) });
    }
    return new NativeModule(realm, native, host, id, requests, source);
  }

  static synthetic(
    realm: Realm,
    native: NativeHelper,
    host: ModuleHost,
    names: readonly string[],
    global: object | undefined,
  ): NativeModule {
    return new NativeModule(realm, native, host, native.syntheticModule(host.url, names, global), []);
  }

  link(records: readonly ModuleRecord[]): void {
    const ids: number[] = [];
    for (let i = 0; i < records.length; i++) append(ids, (records[i] as NativeModule).#id);
    this.#native.linkModule(this.#id, ids);
  }

  instantiate(): void {
    const failure = this.#native.instantiateModule(this.#id);
    if (failure) throw withPlace(this.#realm, failure);
  }

  isGraphAsync(): boolean {
    return this.#native.moduleState(this.#id)[1];
  }

  hasTopLevelAwait(): boolean {
    return hasTopLevelAwait(this.#realm, this.#source);
  }

  evaluate(timeout = -1): Promise<undefined> {
    const answer = this.#native.evaluateModule(this.#id, timeout);
    if (isLate(answer)) throw timedOut(timeout);
    return answer as Promise<undefined>;
  }

  cache(): Uint8Array | undefined {
    return this.#native.moduleCache(this.#id);
  }

  evaluateSync(): void {
    const promise = this.#native.evaluateModule(this.#id) as Promise<unknown>;
    const details = this.#native.promiseDetails(promise);
    if (details?.[0] !== REJECTED) return;
    // What it rejects with is thrown here; nobody else will look at the promise.
    PromiseProto.then(promise, undefined, () => {});
    throw withPlace(this.#realm, this.#native.messageOf(details[1]));
  }

  namespace(): unknown {
    return this.#native.moduleNamespace(this.#id);
  }

  status(): number {
    return this.#native.moduleState(this.#id)[0];
  }

  error(): unknown {
    return this.#native.moduleState(this.#id)[2];
  }

  setExport(name: string, value: unknown): void {
    this.#native.setExport(this.#id, name, value);
  }

  /** Where the graph's top-level awaits wait. */
  stalled(): readonly Caught[] {
    return this.#native.stalledAwaits(this.#id) ?? [];
  }
}
