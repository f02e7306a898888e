import type { BootConfig } from "../contract/boot.ts";
import type { Client } from "../contract/index.ts";
import type { Settle } from "./client.ts";
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
  /** Starts an async syscall (`stdio.read`, `bindings.call`); `settle` runs as a macrotask when the answer comes. */
  start(name: string, settle: Settle, ...args: unknown[]): void;
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
export interface NativeHelper {
  runMicrotasks(): void;
  /** A whole garbage collection, at once. */
  collectGarbage(): void;
  promiseDetails(promise: unknown): readonly [state: number, result: unknown] | undefined;
  proxyDetails(proxy: unknown): readonly [target: unknown, handler: unknown] | undefined;
  previewEntries(value: unknown): readonly [entries: unknown[], isKeyValue: boolean] | undefined;
  setPromiseRejectCallback(callback: (event: number, promise: unknown, value: unknown) => void): void;
  setPromiseHooks(init?: unknown, before?: unknown, after?: unknown, settled?: unknown): void;
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
  compileScript(source: string, name: string, line: number, column: number, symbol: symbol): number | Caught;
  /** -> the script's value, alone in a list; or what it threw. `global`: that of the context it runs in. */
  runScript(script: number, global?: object): readonly [unknown] | Caught;
  /** A context whose global shows the properties of `target`, or its own without one. -> that global */
  makeContext(target: object | undefined): object | undefined;
  compileFunction(
    source: string,
    name: string,
    line: number,
    column: number,
    symbol: symbol,
    parameters: readonly string[],
    global?: object,
  ): ((...args: unknown[]) => unknown) | Caught;
  /** -> number, then per request: specifier, attributes (key, value, ...) */
  compileModule(
    source: string,
    url: string,
    line: number,
    column: number,
    symbol: symbol,
  ): readonly [number, ...unknown[]] | Caught;
  syntheticModule(url: string, names: readonly string[]): number;
  setExport(module: number, name: string, value: unknown): void;
  linkModule(module: number, targets: readonly number[]): void;
  instantiateModule(module: number): Caught | undefined;
  evaluateModule(module: number): Promise<unknown>;
  moduleState(module: number): readonly [status: number, isAsync: boolean, exception: unknown];
  moduleNamespace(module: number): unknown;
  stalledAwaits(module: number): readonly Caught[] | undefined;
  setModuleHooks(
    importDynamically: (
      symbol: symbol | undefined,
      specifier: string,
      attributes: readonly string[],
      referrer: string,
    ) => Promise<unknown>,
    initializeMeta: (module: number, meta: object) => void,
    evaluateSteps: (module: number) => void,
  ): void;
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
