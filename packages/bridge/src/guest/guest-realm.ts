import { installers } from "./bindings/index.ts";
import { bootstrap } from "./bootstrap.ts";
import { type HostFunction, type Settle, Syscalls } from "./client.ts";
import { type CommandLine, readCommandLine } from "./command-line/command-line.ts";
import { FatalErrors } from "./fatal.ts";
import { installHostFunctions } from "./host-functions.ts";
import { finishMainContext } from "./lib/context-globals.ts";
import { append } from "./lib/define.ts";
import { FreshMemory } from "./lib/fresh-memory.ts";
import { Mailbox } from "./lib/mailbox.ts";
import { setNativeText } from "./lib/native-text.ts";
import { forgetRuntimeFunctions } from "./lib/runtime-functions.ts";
import { takeFlaggedViews } from "./lib/v8-read-views.ts";
import { installWebAssembly } from "./lib/wasm-limits.ts";
import { EventLoop } from "./loop.ts";
import type { Table } from "./main.ts";
import { fromManifest } from "./manifest.ts";
import { refuseAddon } from "./modules/addons.ts";
import { dynamicImporter } from "./modules/dynamic-import.ts";
import { entrySource } from "./modules/loader-fs.ts";
import { applyTiers } from "./policy.ts";
import { jsonParse, objectCreate, RegExpProto, reflectApply } from "./primordials.ts";
import { createProcessObject, type ProcessFacts } from "./process-object.ts";
import type { Binding, BootConfig, Caught, NativeHelper, Realm } from "./realm.ts";
import { becomeThread } from "./workers/become-thread.ts";

/** A source that may call `import()`; the host looks closer. */
const MAY_IMPORT = /\bimport\s*(?:\(|\/)/;

type Wrapper = (...args: unknown[]) => unknown;

/** The realm of one guest: what every binding works with. Made while the snapshot is; attached to a cell later. */
export class GuestRealm implements Realm {
  readonly global: typeof globalThis = globalThis;
  readonly process: object;
  readonly primordials: Record<string, unknown> = {};
  readonly privateSymbols: Readonly<Record<string, symbol>>;
  readonly symbols: Readonly<Record<string, symbol>>;
  readonly loop: EventLoop;
  readonly fatal: FatalErrors;
  readonly syscalls = new Syscalls();
  readonly freshMemory = new FreshMemory();
  native: NativeHelper | undefined;
  cwd = "/";
  umask = 0o022;
  /** The command line, where the program was started by one. */
  commandLine: CommandLine | undefined;

  readonly #table: Table;
  readonly #manifest: Readonly<Record<string, string>>;
  readonly #bindings = objectCreate(null) as Record<string, Binding>;
  readonly #attach: (() => void)[] = [];
  #config: BootConfig | undefined;
  #mailbox: Mailbox | undefined;
  /** What the cell's clock was ahead of the helper's. */
  #clockAhead = 0;
  #requireBuiltin: Wrapper | undefined;
  #internalBinding: Wrapper | undefined;

  constructor(table: Table, manifest: Readonly<Record<string, string>>) {
    this.#table = table;
    this.#manifest = manifest;
    this.loop = new EventLoop(this);
    this.privateSymbols = this.internalBinding("util")["privateSymbols"] as Record<string, symbol>;
    this.symbols = this.internalBinding("symbols") as Record<string, symbol>;
    this.process = createProcessObject(this.manifest("facts") as ProcessFacts, this.privateSymbols);
    const exitInfo = (this.process as Record<symbol, unknown>)[
      this.privateSymbols["exit_info_private_symbol"] as symbol
    ] as Int32Array;
    this.fatal = new FatalErrors(this, exitInfo);
  }

  get sys(): Realm["sys"] {
    return this.syscalls.client;
  }

  get config(): BootConfig {
    if (!this.#config) throw new Error("the configuration was read while the snapshot was built");
    return this.#config;
  }

  now(): number {
    return this.native ? this.native.monotonicNow() + this.#clockAhead : this.sys.clock.now();
  }

  start(name: string, settle: Settle, ...args: unknown[]): void {
    this.syscalls.start(name, settle, args);
  }

  listen(settle: Settle): number {
    return this.syscalls.listen(settle);
  }

  unlisten(token: number): void {
    this.syscalls.unlisten(token);
  }

  get mailbox(): Mailbox {
    if (!this.#mailbox) throw new Error("the mailbox was used while the snapshot was built");
    return this.#mailbox;
  }

  manifest(name: string): unknown {
    const text = this.#manifest[name];
    return text === undefined ? undefined : jsonParse(text);
  }

  requireBuiltin<T>(id: string): T {
    return (this.#requireBuiltin as Wrapper)(id) as T;
  }

  setLoaders(internalBinding: unknown, requireBuiltin: unknown): void {
    this.#internalBinding = internalBinding as Wrapper;
    this.#requireBuiltin = requireBuiltin as Wrapper;
  }

  onAttach(run: () => void): void {
    if (this.#config) run();
    else append(this.#attach, run);
  }

  fatalException(error: unknown, fromPromise: boolean, caught?: Caught): void {
    this.fatal.trigger(error, fromPromise, caught);
  }

  exit(code: number): never {
    return this.fatal.exit(code);
  }

  refuseAddon(path: string): never {
    refuseAddon(this, path);
  }

  sourceText(path: string): string {
    const given = entrySource(path);
    if (given !== undefined) return given;
    const { Buffer } = this.requireBuiltin<{ Buffer: { from(bytes: ArrayBufferLike): { utf8Slice(): string } } }>(
      "buffer",
    );
    return Buffer.from(this.sys.modules.readFile(path).buffer).utf8Slice();
  }

  compileBuiltin(id: string): Wrapper {
    const compiled = this.#table[id];
    // A wrapper runs once; the table need not keep it.
    this.#table[id] = undefined;
    return compiled ?? (this.sys.engine.compileBuiltin(id) as Wrapper);
  }

  compileFunction(source: string, filename: string, params: string, line: number, column: number): unknown {
    const imports = RegExpProto.exec(MAY_IMPORT, source) !== null;
    const compiled = this.sys.engine.compileFunction(source, filename, params, line, column, imports);
    if (!imports) return compiled;
    const symbol = this.symbols["vm_dynamic_import_default_internal"];
    return (compiled as Wrapper)(dynamicImporter(this, symbol, filename));
  }

  internalBinding(name: string): Binding {
    const known = this.#bindings[name];
    if (known) return known;
    let shape = this.manifest(name);
    const install = installers[name];
    if (shape === undefined && name !== "builtins" && name !== "vivarium") shape = this.#late(name);
    const binding = (shape === undefined ? {} : fromManifest(name, shape)) as Binding;
    this.#bindings[name] = binding;
    install?.(binding, this);
    return binding;
  }

  /** The manifest of a binding the snapshot does not hold. */
  #late(name: string): unknown {
    const text = this.#config ? this.sys.engine.manifest(name) : "";
    if (text !== "") return jsonParse(text);
    if (installers[name]) return undefined;
    const error = new Error(`No such binding: ${name}`) as Error & { code: string };
    error.code = "ERR_INVALID_MODULE";
    throw error;
  }

  bootstrap(): void {
    bootstrap(this, (id) => this.mainScript(id)());
  }

  /** A script of the library's `internal/main`, or of its bootstrap, ready to run. */
  mainScript(id: string): () => void {
    const main = this.compileBuiltin(id);
    return () => main(this.process, this.#requireBuiltin, this.#internalBinding, this.primordials);
  }

  /** Connects it with its cell. */
  attach(host: HostFunction, config: string, native: NativeHelper | undefined, passed?: SharedArrayBuffer): void {
    const memory = passed ?? native?.takeHanded();
    if (memory) this.#mailbox = new Mailbox(memory, native);
    this.syscalls.connect(host);
    this.native = native;
    if (native) {
      forgetRuntimeFunctions();
      setNativeText(native);
      this.#clockAhead = this.sys.clock.now() - native.monotonicNow();
    }
    this.#config = jsonParse(config) as BootConfig;
    if (this.#config.commandLine && this.#config.program !== "sh") {
      this.commandLine = readCommandLine(this, this.#config, this.#config.commandLine);
      this.#config = this.commandLine.config;
    }
    this.cwd = this.#config.cwd;
    this.umask = this.#config.umask;
    for (let i = 0; i < this.#attach.length; i++) reflectApply(this.#attach[i] as () => void, undefined, []);
    finishMainContext(this);
    takeFlaggedViews(this.global as { readonly Float16Array?: new () => ArrayBufferView });
    becomeThread(this, (id) => this.mainScript(id)());
    applyTiers(this);
    installWebAssembly(this);
    installHostFunctions(this);
  }
}
