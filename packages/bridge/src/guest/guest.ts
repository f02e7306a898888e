import { Operation, Turn } from "../contract/operations.ts";
import { installers } from "./bindings/index.ts";
import { promiseRejected } from "./bindings/task-queue.ts";
import { bootstrap } from "./bootstrap.ts";
import { type HostFunction, type Settle, SyscallError, Syscalls } from "./client.ts";
import { type CommandLine, readCommandLine } from "./command-line/command-line.ts";
import { FatalErrors } from "./fatal.ts";
import { installHostFunctions } from "./host-functions.ts";
import { finishMainContext } from "./lib/context-globals.ts";
import { append } from "./lib/define.ts";
import { NativePromise } from "./lib/intrinsics.ts";
import { type Arrival, Mailbox } from "./lib/mailbox.ts";
import { setNativeText } from "./lib/native-text.ts";
import { originalOf } from "./lib/rejected-reason.ts";
import { tellAsThen } from "./lib/remembered-rejections.ts";
import { forgetRuntimeFunctions } from "./lib/runtime-functions.ts";
import { takeFlaggedViews } from "./lib/v8-read-views.ts";
import { installWebAssembly } from "./lib/wasm-limits.ts";
import { EventLoop } from "./loop.ts";
import type { Unit } from "./loop-hooks.ts";
import type { Table } from "./main.ts";
import { mainScript, refuse } from "./main-script.ts";
import { fromManifest } from "./manifest.ts";
import { refuseAddon } from "./modules/addons.ts";
import { dynamicImporter } from "./modules/dynamic-import.ts";
import { rejectEvaluation } from "./modules/evaluations.ts";
import { entrySource, setEntrySource } from "./modules/loader-fs.ts";
import { applyTiers } from "./policy.ts";
import { jsonParse, objectCreate, PromiseProto, RegExpProto, reflectApply } from "./primordials.ts";
import { emitBeforeExit, endProgram } from "./process-end.ts";
import { createProcessObject, type ProcessFacts } from "./process-object.ts";
import type { Binding, BootConfig, Caught, NativeHelper, Realm } from "./realm.ts";
import { runShell } from "./shell/main.ts";
import { becomeThread } from "./workers/become-thread.ts";

/** A source that may call `import()`; the host looks closer. */
const MAY_IMPORT = /\bimport\s*(?:\(|\/)/;

type Wrapper = (...args: unknown[]) => unknown;

/** How the main program is given. */
interface StartRequest {
  /** `command`, `shell`: as `BootConfig.commandLine` says. */
  readonly kind: "file" | "eval" | "source" | "command" | "shell" | "worker";
  readonly code?: string;
  readonly filePath?: string;
  readonly wantsExports: boolean;
}

/** One guest: the realm every binding works with, and the operations the cell calls. */
export class Guest implements Realm {
  readonly global: typeof globalThis = globalThis;
  readonly process: object;
  readonly primordials: Record<string, unknown> = {};
  readonly privateSymbols: Readonly<Record<string, symbol>>;
  readonly symbols: Readonly<Record<string, symbol>>;
  readonly loop: EventLoop;
  native: NativeHelper | undefined;
  cwd = "/";
  umask = 0o022;

  readonly #table: Table;
  readonly #manifest: Readonly<Record<string, string>>;
  readonly #syscalls = new Syscalls();
  readonly #bindings = objectCreate(null) as Record<string, Binding>;
  readonly #attach: (() => void)[] = [];
  readonly #fatal: FatalErrors;
  #config: BootConfig | undefined;
  #commandLine: CommandLine | undefined;
  /** The main module, when the embedder wants what it exports. */
  #exportsOf: string | undefined;
  #mailbox: Mailbox | undefined;
  /** What has arrived and may still lie in the mailbox. */
  #arrivals: Arrival[] = [];
  /** What the cell's clock was ahead of the helper's. */
  #clockAhead = 0;
  /** The last callback threw, and somebody handled it. */
  #threw = false;
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
    this.#fatal = new FatalErrors(this, exitInfo);
  }

  get sys(): Realm["sys"] {
    return this.#syscalls.client;
  }

  get config(): BootConfig {
    if (!this.#config) throw new Error("the configuration was read while the snapshot was built");
    return this.#config;
  }

  now(): number {
    return this.native ? this.native.monotonicNow() + this.#clockAhead : this.sys.clock.now();
  }

  start(name: string, settle: Settle, ...args: unknown[]): void {
    this.#syscalls.start(name, settle, args);
  }

  listen(settle: Settle): number {
    return this.#syscalls.listen(settle);
  }

  unlisten(token: number): void {
    this.#syscalls.unlisten(token);
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
    this.#fatal.trigger(error, fromPromise, caught);
  }

  exit(code: number): never {
    return this.#fatal.exit(code);
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
    bootstrap(this, (id) => this.#runMain(id));
  }

  #runMain(id: string): void {
    this.compileBuiltin(id)(this.process, this.#requireBuiltin, this.#internalBinding, this.primordials);
  }

  /**
   * The one way in: runs one callback with the ticks it leaves, and answers when to come again. What the guest throws
   * stays here. Written flat, because every frame of ours takes the place of one in the program's stack traces.
   */
  enter(operation: number, ...args: unknown[]): number {
    const { hooks, metrics } = this.loop;
    this.loop.passTime();
    metrics.wake();
    let unit: Unit | undefined;
    try {
      unit = this.#unitFor(operation, args);
    } catch (error) {
      this.fatalException(error, false);
    }
    if (unit) hooks.setFrame(unit.frame);
    if (unit) this.#threw = false;
    let isCallback = unit !== TICKS_ONLY && operation !== Operation.beforeExit;
    let thrown = 0;
    const isTurn = unit !== undefined && operation !== Operation.beforeExit;
    const isOfLoop = operation === Operation.turn || operation === Operation.event || operation === Operation.arrivals;
    // Without the helper one rejection an entry is told: each callback has an entry of its own.
    let room = this.native && isOfLoop ? MAX_UNITS : 1;
    let rests = false;
    let run = unit?.run;
    while (run !== undefined) {
      let caught: Caught | undefined;
      if (this.native) {
        caught = this.native.catch(run, this.process);
      } else {
        try {
          reflectApply(run, this.process, []);
        } catch (error) {
          caught = [error, undefined, 0, 0, 0, undefined];
        }
      }
      if (caught) {
        this.fatalException(caught[0], false, caught);
      }
      this.loop.passTime();
      hooks.setFrame(undefined);
      // Between callbacks nothing executes: id 0 (the main program has id 1).
      hooks.clearAsyncStack();
      if (caught) {
        // A callback that threw runs no ticks, and no microtasks: the library has queued an immediate for them, other
        // callbacks come first.
        unit = this.loop.drains && thrown++ < MAX_THROWN ? this.loop.next() : undefined;
        this.#threw = unit === undefined;
        if (unit === undefined) break;
        hooks.setFrame(unit.frame);
        run = unit.run;
        isCallback = true;
        continue;
      }
      const hadTicks = !isCallback;
      run = (isCallback ? this.loop.hasScheduledTicks : this.loop.hasTicks) ? hooks.tick : undefined;
      isCallback = false;
      // Ticks run the microtasks too. Where there were none, microtasks may wait for the control to go back.
      if (run !== undefined || !hadTicks || --room <= 0) continue;
      metrics.onWake?.();
      unit = this.loop.next();
      rests = unit === undefined;
      if (unit === undefined) break;
      hooks.setFrame(unit.frame);
      run = unit.run;
      isCallback = true;
    }
    this.#emptyMailbox();
    const failure = this.native?.takeRejectFailure();
    if (failure) this.#fatal.tell("Exception in PromiseRejectCallback:\n", failure);
    // After `beforeExit` the question is whether its listeners gave the loop more to do.
    return isTurn && !rests ? Turn.again : this.loop.rest();
  }

  #unitFor(operation: number, args: unknown[]): Unit | undefined {
    switch (operation) {
      case Operation.attach:
        this.#mailbox = new Mailbox(args[3] as SharedArrayBuffer);
        this.#attachTo(args[0] as HostFunction, args[1] as string, args[2] as NativeHelper | undefined);
        return undefined;
      case Operation.start:
        return { run: this.#mainProgram(jsonParse(args[0] as string) as StartRequest), frame: undefined };
      case Operation.turn:
        if (this.#threw) return this.loop.next() ?? (this.loop.hasTicks ? TICKS_ONLY : undefined);
        return this.loop.hasTicks ? TICKS_ONLY : this.loop.next();
      case Operation.arrivals:
        this.#arrived(args[0] as number);
        return this.loop.next();
      case Operation.event:
        return this.#settled(args[0] as number, args[1] as number, args[2]);
      case Operation.rejected:
        return { run: () => this.#rejected(args[0]), frame: undefined };
      case Operation.failed:
        return { run: () => rejectEvaluation(this, args[0] as number, originalOf(args[1])), frame: undefined };
      case Operation.beforeExit:
        return { run: () => emitBeforeExit(this), frame: undefined };
      case Operation.exit:
        return { run: () => endProgram(this, this.#fatal, this.#exportsOf), frame: undefined };
      default:
        return undefined;
    }
  }

  #attachTo(host: HostFunction, config: string, native: NativeHelper | undefined): void {
    this.#syscalls.connect(host);
    this.native = native;
    if (native) {
      forgetRuntimeFunctions();
      setNativeText(native);
      this.#clockAhead = this.sys.clock.now() - native.monotonicNow();
    }
    this.#config = jsonParse(config) as BootConfig;
    if (this.#config.commandLine && this.#config.program !== "sh") {
      this.#commandLine = readCommandLine(this, this.#config, this.#config.commandLine);
      this.#config = this.#commandLine.config;
    }
    this.cwd = this.#config.cwd;
    this.umask = this.#config.umask;
    for (let i = 0; i < this.#attach.length; i++) reflectApply(this.#attach[i] as () => void, undefined, []);
    finishMainContext(this);
    takeFlaggedViews(this.global as { readonly Float16Array?: new () => ArrayBufferView });
    becomeThread(this, (id) => this.#runMain(id));
    applyTiers(this);
    installWebAssembly(this);
    installHostFunctions(this);
  }

  #mainProgram(request: StartRequest): () => void {
    if (request.kind === "source") setEntrySource(request.filePath as string, request.code as string);
    if (request.wantsExports) this.#exportsOf = request.filePath;
    if (request.kind === "shell") return () => runShell(this);
    if (request.kind === "worker") return this.#mainScript("internal/main/worker_thread");
    if (request.kind === "command") {
      const chosen = mainScript(this, this.#commandLine?.refusal);
      return "refusal" in chosen ? () => refuse(this, chosen.refusal) : this.#mainScript(chosen.id);
    }
    return this.#mainScript(request.kind === "eval" ? "internal/main/eval_string" : "internal/main/run_main_module");
  }

  #mainScript(id: string): () => void {
    const main = this.compileBuiltin(id);
    return () => main(this.process, this.#requireBuiltin, this.#internalBinding, this.primordials);
  }

  /** Each arrival is a callback of the next poll phase. */
  #arrived(count: number): void {
    this.#arrivals = this.mailbox.arrived(count);
    for (let i = 0; i < this.#arrivals.length; i++) {
      const arrival = this.#arrivals[i] as Arrival;
      this.loop.offer(() => {
        this.#syscalls.take(arrival.token)?.(undefined, arrival);
        arrival.isTaken = true;
      });
    }
  }

  /** Control goes back to the cell: the mailbox is its again. */
  #emptyMailbox(): void {
    for (let i = 0; i < this.#arrivals.length; i++) {
      const arrival = this.#arrivals[i] as Arrival;
      if (!arrival.isTaken) arrival.own();
    }
    if (this.#arrivals.length > 0) this.#arrivals = [];
  }

  #settled(token: number, failed: number, payload: unknown): Unit | undefined {
    const settle = this.#syscalls.take(token);
    if (!settle) return undefined;
    const failure = failed ? (payload as readonly [string, string | undefined, string | undefined]) : undefined;
    this.loop.metrics.events++;
    const run = () =>
      settle(failure && new SyscallError(failure[0], failure[1], failure[2]), failed ? undefined : payload);
    return { run, frame: undefined };
  }

  /** Without the native helper an unhandled rejection is known only afterwards, by a copy of its reason. */
  #rejected(copy: unknown): void {
    const reason = originalOf(copy);
    const tell = (promise: object): void => promiseRejected(this)?.(0, promise, reason);
    if (tellAsThen(this, reason, tell)) return;
    const promise = new NativePromise((_, reject) => reject(reason));
    PromiseProto.then(promise, undefined, () => {});
    tell(promise);
  }
}

/** After so many callbacks in a row that threw, the host's events get their turn. */
const MAX_THROWN = 100;

/** So many callbacks run in one entry at most: between two entries the cell looks at its own events and the run's budget. */
const MAX_UNITS = 16;

/** A turn that has nothing to run but the ticks microtasks left. */
const TICKS_ONLY: Unit = { run() {}, frame: undefined };
