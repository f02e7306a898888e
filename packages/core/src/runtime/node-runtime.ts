import type { Duplex, Readable } from "node:stream";
import type { BootConfig } from "@vivarium/bridge/contract";
import type { RunRequest } from "../channel/messages.ts";
import { type Limits, resolveLimits } from "../limits/index.ts";
import { filterEnvAsync } from "../permissions/index.ts";
import { tierConfig } from "../tiers/index.ts";
import { Bindings } from "./bindings.ts";
import { bootConfig } from "./boot-config.ts";
import { CellHolder } from "./cell-holder.ts";
import { CellRun, type CellRunEnd } from "./cell-run.ts";
import { ChildCells } from "./children/child-cells.ts";
import { ProcessTree, type TreeParts } from "./children/process-tree.ts";
import { rootDescriptors } from "./children/root-descriptors.ts";
import { type ArtifactFile, type Artifacts, type Driver, isDriver } from "./driver.ts";
import { engineFlags } from "./engine-flags.ts";
import { fetchOver } from "./guest-fetch.ts";
import { HostConnections } from "./host-connections.ts";
import { silentLogger } from "./log.ts";
import {
  type ExecOptions,
  type NodeRuntimeOptions,
  OptionsError,
  parseExecOptions,
  parseProgram,
  parseRunOptions,
  parseRuntimeOptions,
  type RunOptions,
  type RuntimeLogger,
  resolveOsInfo,
} from "./options.ts";
import { abortedEnding } from "./outcome.ts";
import { DEFAULT_FILE_PATH, type Program } from "./program.ts";
import { endingResult, execResult, runExports } from "./result-of.ts";
import type { ExecResult, RunResult } from "./results.ts";
import { RuntimeDisposedError } from "./runtime-disposed-error.ts";
import { ServedRuns } from "./served-runs.ts";
import { StdinSource } from "./stdin-source.ts";

const DEFAULT_POOL_SIZE = 1;
const MAX_PORT = 65_535;

const requireDriver = (driver: object | undefined): Driver => {
  if (isDriver(driver)) return driver;
  throw new OptionsError(["options.driver must be what createNodeDriver() of @vivarium/node-driver returns"]);
};

let nextRunId = 1;

/**
 * A sandbox. Its runs are serial, each in an isolate of its own; files in memory and artifacts stay from run to run.
 * Nothing a guest does makes a call reject: how a run ended is in its result.
 */
export class NodeRuntime implements AsyncDisposable {
  readonly #options: NodeRuntimeOptions;
  readonly #driver: Driver;
  readonly #holder: CellHolder;
  readonly #bindings: Bindings;
  readonly #log: RuntimeLogger;
  readonly #served = new ServedRuns();
  readonly #disposal = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();

  /** @throws OptionsError */
  constructor(options: NodeRuntimeOptions) {
    this.#options = parseRuntimeOptions(options);
    this.#driver = requireDriver(this.#options.driver);
    this.#holder = new CellHolder(this.#driver, this.#options.pool?.size ?? DEFAULT_POOL_SIZE);
    this.#bindings = new Bindings(this.#options.bindings);
    this.#log = this.#options.logger ?? silentLogger;
    this.#holder.warm();
  }

  /**
   * Runs `code` as the program `options.filePath`.
   * @throws OptionsError, CellStartError, and what the embedder's own onStdio, onDecision or stdin threw.
   */
  async exec(code: string, options?: ExecOptions): Promise<ExecResult> {
    const parsed = parseExecOptions(options);
    return this.#enqueue(source(code, parsed), parsed, false);
  }

  /** As `exec`; the program's exports come back too. `T` is the caller's word for what they are: check it. */
  async run<T = unknown>(code: string, options?: RunOptions): Promise<RunResult<T>> {
    const parsed = parseRunOptions(options);
    return this.#enqueue(source(code, parsed), parsed, true) as Promise<RunResult<T>>;
  }

  /** Runs a program that is already a guest file, or one given as `node -e` takes it. Throws as `exec` does. */
  async execProgram(program: Program, options?: Omit<ExecOptions, "filePath">): Promise<ExecResult> {
    return this.#enqueue(parseProgram(program), parseExecOptions(options), false);
  }

  /**
   * Connects to a TCP server of the program that runs, or of the next one that was asked for, as soon as it or a process
   * it started listens on this port. No permission is needed, and nothing of the host's network is touched.
   * @throws NotServedError when that program ends before, or none was started; the signal's reason
   */
  async connect(port: number, options: { readonly signal?: AbortSignal } = {}): Promise<Duplex> {
    if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) {
      throw new OptionsError([`port must be a whole number from 1 to ${MAX_PORT}; got ${JSON.stringify(port)}`]);
    }
    return this.#served.connect(port, options.signal);
  }

  /**
   * Asks an HTTP server of the program that runs, found as `connect` finds it. The request's URL gives path and query
   * (`http://guest/path`); redirects are not followed.
   * @throws NotServedError; what broke the connection; the request signal's reason
   */
  async fetch(port: number, input: Request | URL | string, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    return fetchOver(await this.connect(port, { signal: request.signal }), request);
  }

  /** What runs left in `/artifacts`. Without the driver's option `artifacts` there is nothing, ever. */
  get artifacts(): Artifacts {
    return { list: () => this.#listArtifacts(), open: (path) => this.#openArtifact(path) };
  }

  /** Ends a run under way (outcome `aborted`) and everything the sandbox holds. Later calls reject. */
  async dispose(): Promise<void> {
    this.#disposal.abort();
    await this.#queue.catch(() => {});
    await this.#holder[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #enqueue(program: Program, options: ExecOptions, wantsExports: boolean): Promise<RunResult> {
    if (this.#disposal.signal.aborted) return Promise.reject(new RuntimeDisposedError());
    const over = this.#served.expect();
    const mine = this.#queue.then(() => this.#execute(program, options, wantsExports)).finally(over);
    this.#queue = mine.catch(() => {});
    return mine;
  }

  async #execute(program: Program, options: ExecOptions, wantsExports: boolean): Promise<RunResult> {
    const signal = AbortSignal.any([this.#disposal.signal, ...(options.signal ? [options.signal] : [])]);
    if (signal.aborted) return endingResult(abortedEnding);
    const limits = resolveLimits(this.#options.limits, options.limits);
    const boot = await this.#boot(program, options, limits);
    const stdin = new StdinSource(options.stdin);
    const flags = engineFlags(program.flags ?? []);
    let healthy = false;
    try {
      const { cell, startMs } = await this.#holder.acquire(limits);
      const request = {
        id: nextRunId++,
        entry: entryOf(program),
        wantsExports,
        decisions: this.#wantsDecisions,
        withoutHelper: this.#options.nativeHelper === false,
        engineFlags: flags,
        boot,
        limits,
      };
      const powers = {
        onDecision: this.#options.onDecision,
        permissions: this.#driver.permissions,
        bindings: this.#bindings,
        lookup: this.#driver.lookup,
      };
      const tree = this.#tree(request, powers);
      const descriptors = rootDescriptors({
        onStdio: options.onStdio ?? this.#options.onStdio,
        stdin,
        fail: (error) => run.fail(error),
      });
      const run: CellRun = new CellRun(cell, request, { ...powers, pid: boot.pid, tree, descriptors, signal });
      tree.plant(run);
      const served = new HostConnections(tree.listeners);
      this.#served.begin(served);
      this.#holder.warm();
      this.#log.debug({ run: request.id, pid: cell.pid, startMs }, "run started");
      const end = await run.execute().finally(() => {
        served.end();
        return tree[Symbol.asyncDispose]();
      });
      // Flags stay with the process they were set in.
      healthy = flags.length === 0 && end.kind === "result" && end.result.outcome === "exit";
      const result = execResult(end, startMs, tree.cpuMs);
      this.#logEnd(request.id, end, result);
      return wantsExports ? runExports(result, end) : result;
    } finally {
      stdin[Symbol.dispose]();
      await this.#holder.release(healthy);
    }
  }

  /** The processes of one run, of which the program itself is the first. */
  #tree(
    { boot, limits, withoutHelper, engineFlags: flags = [] }: RunRequest,
    powers: TreeParts["powers"],
  ): ProcessTree {
    const session = () => this.#holder.session();
    const cells = new ChildCells(this.#driver, session, limits, this.#options.pool?.size ?? DEFAULT_POOL_SIZE);
    const warn = (facts: object, message: string): void => this.#log.warn(facts, message);
    return new ProcessTree({ limits, boot, withoutHelper: withoutHelper === true, flags, cells, powers, warn });
  }

  get #wantsDecisions(): boolean {
    return this.#options.onDecision !== undefined;
  }

  async #boot(program: Program, options: ExecOptions, limits: Limits): Promise<BootConfig> {
    const driver = this.#driver;
    return bootConfig({
      program,
      env: await filterEnvAsync({ ...driver.env, ...options.env }, driver.permissions),
      limits,
      argv: options.argv ?? [],
      cwd: options.cwd,
      process: driver.process,
      os: resolveOsInfo(driver.os, limits),
      tiers: tierConfig(this.#options.compat ?? "baseline"),
      bindings: this.#bindings.names,
      hasStdin: options.stdin !== undefined,
    });
  }

  #logEnd(run: number, end: CellRunEnd, { outcome, code, usage }: ExecResult): void {
    this.#log.debug({ run, outcome, code, usage }, "run ended");
    if (end.kind === "death") this.#log.warn({ run, outcome, stderr: end.stderr }, "cell died");
  }

  async #listArtifacts(): Promise<readonly ArtifactFile[]> {
    return (await this.#holder.session()).artifacts?.list() ?? [];
  }

  async #openArtifact(path: string): Promise<Readable> {
    const { artifacts } = await this.#holder.session();
    if (artifacts !== undefined) return artifacts.open(path);
    throw new OptionsError([
      "options.artifacts of createNodeDriver must be true or quotas to have an output directory",
    ]);
  }
}

const source = (code: string, { filePath = DEFAULT_FILE_PATH }: ExecOptions): Program => {
  if (typeof code === "string") return { kind: "source", code, filePath };
  throw new OptionsError(["code must be a string"]);
};

const entryOf = (program: Program) => {
  switch (program.kind) {
    case "file":
      return { kind: "file" } as const;
    case "eval":
      return { kind: "eval", code: program.code, print: program.print === true } as const;
    case "source":
      return { kind: "source", code: program.code, filePath: program.filePath } as const;
  }
};
