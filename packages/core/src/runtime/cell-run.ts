import { FrameError } from "../channel/frames.ts";
import type { CellResult, Command, Report, RunRequest } from "../channel/messages.ts";
import { parseDecision } from "../channel/schemas.ts";
import type { Decision, SplitPermissions } from "../permissions/index.ts";
import type { Bindings } from "./bindings.ts";
import type { CellProcess } from "./cell-process.ts";
import type { DescriptorTable } from "./children/descriptor.ts";
import { FileRequests } from "./children/file-requests.ts";
import { ParentPipes } from "./children/parent-pipes.ts";
import type { ProcessTree } from "./children/process-tree.ts";
import { isIgnored, isUnstoppable } from "./children/signals.ts";
import { InboundConnections } from "./inbound.ts";
import type { NetworkLookup } from "./options.ts";
import { type EndCause, type Ending, endingOf } from "./outcome.ts";
import { RunAnswers } from "./run-answers.ts";
import { Watchdog } from "./watchdog.ts";

/** What a run is given. */
export interface RunPowers {
  readonly pid: number;
  readonly descriptors: DescriptorTable;
  readonly tree: ProcessTree;
  /** Whose cell holds the files of this one's guest; nothing where its own does. */
  readonly files?: CellRun | undefined;
  /** By which number its files know this process. */
  readonly filesOf?: number;
  readonly onDecision: ((decision: Decision) => void) | undefined;
  readonly permissions: SplitPermissions;
  readonly bindings: Bindings;
  /** The embedder's own way to look names up. */
  readonly lookup?: NetworkLookup | undefined;
  readonly signal: AbortSignal;
}

/** What was measured from outside. */
export interface OutsideUsage {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly rssMiB: number;
}

/** How a run on a cell ended: with the cell's own word, or by the cell's end. */
export type CellRunEnd = { readonly outside: OutsideUsage } & (
  | { readonly kind: "result"; readonly result: CellResult; readonly exports: Uint8Array; readonly error: Uint8Array }
  | { readonly kind: "death"; readonly ending: Ending; readonly stderr: string }
);

/** After a limit, this long for `onStdio` to take what was printed before it, milliseconds. */
const DRAIN_LIMIT_MS = 500;

/** One run on one cell, from the run command to its result or the cell's death. */
export class CellRun {
  readonly #cell: CellProcess;
  readonly #request: RunRequest;
  readonly #powers: RunPowers;
  #cause: EndCause | undefined;
  /** What a function of the embedder threw into the run: the caller gets it. */
  #hostError: { readonly error: unknown } | undefined;
  #result: { readonly result: CellResult; readonly body: Uint8Array } | undefined;
  #onResult: () => void = () => {};
  /** The cell may be on its next run: nothing late of this one may reach it. */
  #over = false;
  #watchdog: Watchdog | undefined;
  readonly #answers: RunAnswers;
  /** Signals the guest handles itself. */
  #handled: ReadonlySet<number> = new Set();
  /** The guest's ends of pipes to its children. */
  readonly pipes: ParentPipes;
  /** What its children want of its files. */
  readonly fileRequests: FileRequests;
  /** Connections to its servers. */
  readonly inbound: InboundConnections;

  constructor(cell: CellProcess, request: RunRequest, powers: RunPowers) {
    this.#cell = cell;
    this.pipes = new ParentPipes((command, body) => this.tell(command, body));
    this.fileRequests = new FileRequests(cell);
    this.inbound = new InboundConnections(this.pipes, (pipe, port, peer) =>
      this.tell({ type: "dial", pipe, port, peer }),
    );
    this.#request = request;
    this.#powers = powers;
    this.#answers = new RunAnswers(this, request, powers);
  }

  get pid(): number {
    return this.#powers.pid;
  }

  get descriptors(): DescriptorTable {
    return this.#powers.descriptors;
  }

  /** CPU time so far, milliseconds, as of the watchdog's last look. */
  get cpuMs(): number {
    return this.#watchdog?.cpuMs ?? 0;
  }

  /** Sends the cell a command about this run, unless it is over. */
  tell(command: Command, body?: Uint8Array): void {
    if (!this.#over) void this.#cell.send(command, body);
  }

  /** A signal for the process: to its own handler, or what signal(7) says happens without one. */
  signal(signal: number): void {
    if (this.#handled.has(signal) && !isUnstoppable(signal)) this.tell({ type: "signal", signal });
    else if (!isIgnored(signal)) this.#stop({ kind: "signal", signal });
  }

  /** What the embedder's own function threw: ends the run, and its caller gets it. */
  fail(error: unknown): void {
    this.#hostError ??= { error };
    this.#stop({ kind: "aborted" });
  }

  /** Runs to the end. Rejects only with what the embedder's own `onStdio` or `onDecision` threw. */
  async execute(): Promise<CellRunEnd> {
    const { limits } = this.#request;
    const cell = this.#cell;
    const aborted = () => this.#stop({ kind: "aborted" });
    const finished = new Promise<void>((resolve) => {
      this.#onResult = resolve;
    });
    const watchdog = new Watchdog({
      ...limits,
      pid: cell.pid ?? 0,
      // The program answers for the processes it starts.
      spentElsewhere: () => (this.#powers.files === undefined ? this.#powers.tree.cpuMs : 0),
      onLimit: (limit) => this.#stop({ kind: "limit", limit }),
    });
    this.#watchdog = watchdog;
    cell.onBroken = (error) => this.#stop({ kind: "protocol", detail: error.message });
    cell.listen((report, body) => this.#take(report, body));
    this.#powers.signal.addEventListener("abort", aborted);
    try {
      if (this.#powers.signal.aborted) aborted();
      cell.busy();
      void cell.send({ type: "run", run: this.#request });
      await Promise.race([finished, this.#death()]);
      if (this.#hostError !== undefined) throw this.#hostError.error;
      const outside = { cpuMs: watchdog.cpuMs, wallMs: watchdog.wallMs, rssMiB: watchdog.peakRssMiB };
      if (this.#result !== undefined && this.#cause?.kind !== "aborted")
        return { ...this.#split(this.#result), outside };
      const exit = await cell.exited;
      const death = { ...exit, stderr: cell.stderr, memoryShare: watchdog.memoryShare };
      return { kind: "death", ending: endingOf(death, this.#cause), stderr: cell.stderr, outside };
    } finally {
      this.#over = true;
      this.fileRequests.end();
      this.inbound.end();
      this.#powers.tree.listeners.removeAll(this);
      this.pipes.closeAll();
      watchdog[Symbol.dispose]();
      this.#powers.signal.removeEventListener("abort", aborted);
      cell.listen(undefined);
      cell.onBroken = () => cell.kill();
    }
  }

  /** Settles when the cell is dead and what it reported is handled. At a limit, a reader that is not done is not waited for. */
  async #death(): Promise<void> {
    await this.#cell.exited;
    if (this.#cause?.kind === "aborted") return;
    if (this.#cause?.kind !== "limit") return this.#cell.drained;
    const patience = setTimeout(() => this.#cell.drop(), DRAIN_LIMIT_MS);
    await this.#cell.drained;
    clearTimeout(patience);
  }

  /** Kills the cell; the first cause counts. An abort wants no more output either. */
  #stop(cause: EndCause): void {
    this.#cause ??= cause;
    this.#cell.kill();
    if (cause.kind === "aborted") this.#cell.drop();
  }

  #take(report: Report, body: Uint8Array): void | PromiseLike<void> {
    switch (report.type) {
      case "stdio":
        return this.descriptors.get(report.channel)?.write(body);
      case "closeFd":
        return this.descriptors.close(report.fd);
      case "pipe":
        return this.pipes.step(report.pipe, report.op, body);
      case "dialed":
        return this.inbound.dialed(report.pipe, report.ok);
      case "listens":
        return this.#powers.tree.listeners.add(this, report.socket, report);
      case "unlistens":
        return this.#powers.tree.listeners.remove(this, report.socket);
      case "reach":
        return void this.#answers.reach(report);
      case "handles":
        this.#handled = new Set(report.signals);
        return;
      case "served":
        return this.fileRequests.served(report.id, body);
      case "lookup":
        return void this.#answers.lookup(report);
      case "fileCall":
        return void this.#answers.fileCall(report, body);
      case "decision": {
        const decision = parseDecision(report.decision);
        return this.#guard(() => this.#powers.onDecision?.(decision));
      }
      case "wantStdin":
        return void this.#answers.input(report);
      case "call":
        return void this.#answers.call(report, body);
      case "ask":
        return void this.#ask(report, body).catch((error: unknown) =>
          this.#stop({ kind: "protocol", detail: error instanceof Error ? error.message : String(error) }),
        );
      case "result":
        if (report.result.id !== this.#request.id) throw new FrameError(`the result of run ${report.result.id}`);
        if (report.result.body[0] + report.result.body[1] !== body.length)
          throw new FrameError("a result of another length");
        this.#result = { result: report.result, body };
        return this.#onResult();
    }
  }

  /** Calls the embedder; what it throws ends the run and reaches the caller, not the cell. */
  #guard(call: () => void | PromiseLike<void>): void | PromiseLike<void> {
    try {
      const pending = call();
      if (typeof pending?.then === "function") return pending.then(undefined, (error: unknown) => this.fail(error));
    } catch (error) {
      this.fail(error);
    }
  }

  async #ask({ id, question }: Extract<Report, { type: "ask" }>, body: Uint8Array): Promise<void> {
    this.fileRequests.asked();
    const answered = await this.#answers.to(question, body);
    this.fileRequests.answered();
    if (!this.#over) this.#cell.answer({ ...answered.answer, to: id }, answered.body);
  }

  #split({ result, body }: { readonly result: CellResult; readonly body: Uint8Array }) {
    const [exportsBytes] = result.body;
    return {
      kind: "result",
      result,
      exports: body.subarray(0, exportsBytes),
      error: body.subarray(exportsBytes),
    } as const;
  }
}
