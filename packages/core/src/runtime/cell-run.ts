import { FrameError } from "../channel/frames.ts";
import type { CellResult, Report, RunRequest } from "../channel/messages.ts";
import { parseDecision, parsePermissionRequest } from "../channel/schemas.ts";
import type { Decision, SplitPermissions } from "../permissions/index.ts";
import type { Bindings } from "./bindings.ts";
import type { CellProcess } from "./cell-process.ts";
import type { OnStdio } from "./options.ts";
import { type EndCause, type Ending, endingOf } from "./outcome.ts";
import type { StdinSource } from "./stdin-source.ts";
import { Watchdog } from "./watchdog.ts";

/** What the embedder brings to one run. */
export interface RunPowers {
  readonly onStdio: OnStdio | undefined;
  readonly onDecision: ((decision: Decision) => void) | undefined;
  readonly permissions: SplitPermissions;
  readonly bindings: Bindings;
  readonly stdin: StdinSource;
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

const CHANNELS = { 1: "stdout", 2: "stderr" } as const;
const STDIN_END = new Uint8Array(0);
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

  constructor(cell: CellProcess, request: RunRequest, powers: RunPowers) {
    this.#cell = cell;
    this.#request = request;
    this.#powers = powers;
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
      onLimit: (limit) => this.#stop({ kind: "limit", limit }),
    });
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
        return this.#guard(() => this.#powers.onStdio?.({ channel: CHANNELS[report.channel], data: body }));
      case "decision": {
        const decision = parseDecision(report.decision);
        return this.#guard(() => this.#powers.onDecision?.(decision));
      }
      case "wantStdin":
        return void this.#sendStdin();
      case "call":
        return void this.#call(report.token, report.name, body);
      case "ask":
        return this.#ask(report.question, body);
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
    const fail = (error: unknown): void => {
      this.#hostError ??= { error };
      this.#stop({ kind: "aborted" });
    };
    try {
      const pending = call();
      if (typeof pending?.then === "function") return pending.then(undefined, fail);
    } catch (error) {
      fail(error);
    }
  }

  #ask(question: Extract<Report, { type: "ask" }>["question"], body: Uint8Array): void {
    if (question.kind === "permission") {
      const request = parsePermissionRequest(question.request);
      void this.#powers.permissions.answer(request).then((answer) => this.#cell.answer(answer));
    } else if (question.kind === "binding") {
      void this.#powers.bindings
        .call(question.name, body, this.#request.limits.payloadBytes)
        .then((answer) => this.#cell.answer({ ok: answer.ok }, answer.body));
    } else {
      void this.#stdin(question.bytes).then((piece) => this.#cell.answer({ ok: true }, piece ?? STDIN_END));
    }
  }

  async #call(token: number, name: string, args: Uint8Array): Promise<void> {
    const { ok, body } = await this.#powers.bindings.call(name, args, this.#request.limits.payloadBytes);
    if (!this.#over) await this.#cell.send({ type: "answer", token, ok }, body);
  }

  async #sendStdin(): Promise<void> {
    const piece = await this.#stdin();
    if (!this.#over) await this.#cell.send({ type: "stdin", end: piece === undefined }, piece);
  }

  /** The next piece; input that fails ends there, and the caller of the run gets the failure. */
  async #stdin(bytes?: number): Promise<Uint8Array | undefined> {
    try {
      return await this.#powers.stdin.next(bytes);
    } catch (error) {
      this.#guard(() => {
        throw error;
      });
      return undefined;
    }
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
