import type { BootConfig } from "../contract/boot.ts";
import type { Client } from "../contract/index.ts";
import type { Settle } from "./client.ts";
import type { FreshMemory } from "./lib/fresh-memory.ts";
import type { Mailbox } from "./lib/mailbox.ts";
import type { NativeText } from "./lib/native-text.ts";
import type { EventLoop } from "./loop.ts";

export type { BootConfig, StdioKind } from "../contract/boot.ts";

/** An `internalBinding(name)` object: shaped by the manifest, filled by its file under `bindings/`. */
export type Binding = Record<string, unknown>;

/** One guest: what every binding works with. */
export interface Realm {
  readonly global: typeof globalThis;
  readonly process: object;
  /** Node's primordials object. */
  readonly primordials: Readonly<Record<string, unknown>>;
  readonly privateSymbols: Readonly<Record<string, symbol>>;
  readonly symbols: Readonly<Record<string, symbol>>;
  /** Syscalls. Unavailable (throws) while the snapshot is made. */
  readonly sys: Client;
  readonly loop: EventLoop;
  /** The cell's monotonic clock (`clock.now`), without a syscall where the helper can tell. Milliseconds with fraction. */
  now(): number;
  /** Starts an async syscall (`stdio.read`, `bindings.call`); `settle` runs as a macrotask when the answer comes. */
  start(name: string, settle: Settle, ...args: unknown[]): void;
  /** -> a token for something that answers as often as it has news, until `unlisten`; `settle` runs as a macrotask. */
  listen(settle: Settle): number;
  unlisten(token: number): void;
  /** Memory shared with the cell. */
  readonly mailbox: Mailbox;
  /** What of what streams deliver is nobody else's. */
  readonly freshMemory: FreshMemory;
  /** Set when the guest attaches; reading it while the snapshot is made throws. */
  readonly config: BootConfig;
  /** Present where the native helper is loaded. */
  readonly native: NativeHelper | undefined;
  /** The manifest of one binding or fact, parsed. */
  manifest(name: string): unknown;
  requireBuiltin<T = Record<string, unknown>>(id: string): T;
  internalBinding(name: string): Binding;
  /** Runs when the guest attaches, after `config` is there. In order of registration. */
  onAttach(run: () => void): void;
  /** The text of a loaded script or module file, for error excerpts. Throws a `SyscallError` when it cannot be read. */
  sourceText(path: string): string;
  /** Reports an exception nobody caught, as Node does: events, printout, exit code 1. */
  fatalException(error: unknown, fromPromise: boolean, caught?: Caught): void;
  /** Ends the run with this code, as `process.reallyExit` does. */
  exit(code: number): never;
  refuseAddon(path: string): never;
  /** A library module's wrapper function, from the snapshot or the host. */
  compileBuiltin(id: string): (...args: unknown[]) => unknown;
  /** Compiles guest source; throws a `SyscallError` with code `SyntaxError` where it does not parse. */
  compileFunction(source: string, filename: string, params: string, line: number, column: number): unknown;
  /** realm.js hands over its two loaders. */
  setLoaders(internalBinding: unknown, requireBuiltin: unknown): void;
  cwd: string;
  umask: number;
}

/** What V8 keeps from JavaScript. */
export interface NativeHelper extends NativeText {
  runMicrotasks(): void;
  /** A whole garbage collection, at once. */
  collectGarbage(): void;
  /** Tells with this number, once, when an object or symbol was collected. */
  watchTarget(target: unknown, id: number): void;
  unwatchTarget(id: number): void;
  /** The numbers of what was collected since; nothing when there are none. */
  takeGone(): readonly number[] | undefined;
  promiseDetails(promise: unknown): readonly [state: number, result: unknown] | undefined;
  proxyDetails(proxy: unknown): readonly [target: unknown, handler: unknown] | undefined;
  previewEntries(value: unknown): readonly [entries: unknown[], isKeyValue: boolean] | undefined;
  /** What the reject callback threw since this was last asked, or nothing. */
  takeRejectFailure(): Caught | undefined;
  setPromiseRejectCallback(callback: (event: number, promise: unknown, value: unknown) => void): void;
  /** For the context `global` is of, without it for the main one. */
  setPromiseHooks(init?: unknown, before?: unknown, after?: unknown, settled?: unknown, global?: object): void;
  /** A microtask without a promise. */
  enqueueMicrotask(run: () => void): void;
  /** Who hears of exceptions no JavaScript could catch: those of promise hooks, of finalizers. */
  setMessageListener(listener: (error: unknown) => void): void;
  /** The fourteen numbers of `v8.getHeapStatistics()`, in its order. */
  heapStatistics(): readonly number[];
  /** Of each space: size, used, available, physical. */
  heapSpaces(): readonly number[];
  /** Code, bytecode, external script source, CPU profiler metadata. */
  codeStatistics(): readonly number[];
  /** Whether a view's memory stands outside V8's heap already. */
  hasBuffer(view: ArrayBufferView): boolean;
  /** A property that looks like a plain value, made when it is first read. -> whether it is there */
  defineLazyValue(object: object, key: string, make: () => unknown, enumerable: boolean): boolean;
  makeExternal(): object;
  trackCollections(track: boolean, detailed: boolean): void;
  /** Per collection since the last call: type, flags, nanoseconds since it began and ended, statistics. */
  takeCollections(): readonly (readonly number[])[] | undefined;
  /** Milliseconds with fraction on a clock that never goes back and starts anywhere. */
  monotonicNow(): number;
  /** Memory the cell has handed over, in order; nothing where none waits. */
  takeHanded(): ArrayBuffer | undefined;
  /**
   * Writes bytes of a view to a leased stream (`stream.lease`), as many as the system takes at once.
   * @returns how many; nothing where it has no room or the lease is over; the name of the system's error
   */
  writeLeased(lease: number, view: Uint8Array, start: number, end: number): number | string | undefined;
  /** Undefined: as the machine has it. The caller sees to it that the name is that of a zone. */
  setTimeZone(name: string | undefined): void;
  /** No `eval` in the main context from now on. */
  disallowStrings(): void;
  getContinuationData(): unknown;
  setContinuationData(value: unknown): void;
  /** Calls a function with a receiver; when it throws: what, and where. Line 1-based, columns 0-based. */
  catch(run: () => void, self: unknown): Caught | undefined;
  /** What V8 calls when an error's `stack` is first read; `global` is that of the context the error is from. */
  setPrepareStackTrace(prepare: (error: unknown, sites: readonly NodeJS.CallSite[], global: object) => unknown): void;
  /** Sets a property under a private symbol, on proxies too. */
  setPrivate(target: object, key: symbol, value: unknown): void;
  readonly types: Readonly<Record<string, (value: unknown) => boolean>>;
  /** Where an exception says it was thrown. */
  messageOf(exception: unknown): Caught;
  /** `global`: that of the context it is compiled in. -> number, with a cache whether V8 did without it; or a refusal */
  compileScript(
    source: string,
    name: string,
    line: number,
    column: number,
    symbol: symbol,
    global?: object,
    cache?: ArrayBufferView,
  ): number | readonly [script: number, cacheRefused: boolean] | Caught;
  /** -> the script's value, alone in a list; nothing in it when `timeout` ms were over; or what it threw. */
  runScript(script: number, global?: object, timeout?: number): readonly [] | readonly [unknown] | Caught;
  /** Names and symbols of an object's own properties without indexes; `filter` as v8::PropertyFilter has it. */
  ownNonIndexNames(object: object, filter: number): PropertyKey[];
  /** The code of a script as V8 keeps it, sealed: only these bytes count as a cache, and only for this source. */
  scriptCache(script: number): Uint8Array | undefined;
  cachedDataVersionTag(): number;
  /**
   * A context whose global shows the properties of `target`, or its own without one. -> that global
   * @param prepare gets the global before it shows anything of `target`
   */
  makeContext(
    target: object | undefined,
    strings: boolean,
    wasm: boolean,
    ownMicrotasks: boolean,
    prepare: (global: object) => void,
  ): object | undefined;
  compileFunction(
    source: string,
    name: string,
    line: number,
    column: number,
    symbol: symbol,
    parameters: readonly string[],
    global?: object,
    extensions?: readonly object[],
    cache?: ArrayBufferView,
    produce?: boolean,
  ): ((...args: unknown[]) => unknown) | readonly [fn: unknown, cacheRefused: boolean, cache?: Uint8Array] | Caught;
  /** -> number, then per request: specifier, attributes (key, value, ...); nothing where V8 refused the cache */
  compileModule(
    source: string,
    url: string,
    line: number,
    column: number,
    symbol: symbol,
    global?: object,
    cache?: ArrayBufferView,
  ): readonly [number, ...unknown[]] | Caught | undefined;
  moduleCache(module: number): Uint8Array | undefined;
  syntheticModule(url: string, names: readonly string[], global?: object): number;
  setExport(module: number, name: string, value: unknown): void;
  linkModule(module: number, targets: readonly number[]): void;
  instantiateModule(module: number): Caught | undefined;
  /** -> an empty list when `timeout` ms were over */
  evaluateModule(module: number, timeout?: number): Promise<unknown> | readonly [];
  moduleState(module: number): readonly [status: number, isAsync: boolean, exception: unknown];
  moduleNamespace(module: number): unknown;
  stalledAwaits(module: number): readonly Caught[] | undefined;
  setModuleHooks(
    importDynamically: (
      symbol: symbol | undefined,
      specifier: string,
      attributes: readonly string[],
      referrer: string,
      global: object,
    ) => Promise<unknown>,
    initializeMeta: (module: number, meta: object) => void,
    evaluateSteps: (module: number) => void,
  ): void;
  /** A session with V8's inspector; `answer` gets its messages. Nothing where there are too many. */
  inspectorConnect(answer: (message: string) => void): number | undefined;
  /** -> whether V8 has this method for programs, and the parameters are JSON */
  inspectorDispatch(session: number, id: number, method: string, params?: string): boolean | undefined;
  inspectorDisconnect(session: number): void;
  inspectorIsWatched(): boolean;
}

/** An exception as V8 saw it thrown. */
export type Caught = readonly [
  exception: unknown,
  script: string | undefined,
  line: number,
  startColumn: number,
  endColumn: number,
  text: string | undefined,
];

/** Fills one binding. `binding` already has the manifest's constants, classes and named stubs. */
export type InstallBinding = (binding: Binding, realm: Realm) => void;
