import { constants } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { BootConfig } from "@vivarium/bridge/contract";
import type { Peer, Spawned, SpawnedSync, SpawnRequest, SyncWait, ThreadRequest } from "../../channel/messages.ts";
import type { Limits } from "../../limits/index.ts";
import type { CellProcess } from "../cell-process.ts";
import { CellRun, type RunPowers } from "../cell-run.ts";
import { commandLineFlags } from "../engine-flags.ts";
import { BytePipe } from "./byte-pipe.ts";
import { childBoot } from "./child-boot.ts";
import type { ChildCells } from "./child-cells.ts";
import { Collector } from "./collect.ts";
import { type Descriptor, DescriptorTable, nothing, pipeDescriptor } from "./descriptor.ts";
import { type ChildEnding, childEnding } from "./ending.ts";
import { Listeners } from "./listeners.ts";
import { threadBoot, threadLimits } from "./thread.ts";

/** What the tree needs to start a process beside its root. */
export interface TreeParts {
  readonly limits: Limits;
  readonly boot: BootConfig;
  readonly withoutHelper: boolean;
  /** V8's flags of the root. */
  readonly flags: readonly string[];
  readonly cells: ChildCells;
  readonly powers: Pick<RunPowers, "onDecision" | "permissions" | "bindings" | "lookup">;
  warn(facts: object, message: string): void;
}

/** A process of the tree, the root among them. */
interface Process {
  readonly pid: number;
  /** Absent while its cell is being started. */
  run: CellRun | undefined;
  /** A signal that came before the run did. */
  early: number;
  /** What its program was told at its start. */
  readonly boot: BootConfig;
  /** V8's, by name. A thread has those of its process. */
  readonly flags: readonly string[];
  /** Of a thread: who started it, and ends it by ending. */
  readonly owner?: Process;
  /** Whose descriptors of files it shares: a thread has those of its process. */
  readonly files: number;
  /** Threads its process has had. */
  lastThread: number;
}

/** Whose files are the root's own. */
const ROOT_FILES = 0;

/** How long the parent may take to read a child's last words before it hears of its end, milliseconds. */
const LAST_WORDS_MS = 500;

type Attach = (fd: number, incoming: BytePipe, outgoing: BytePipe) => number;

const failure = (error: string) => ({ ok: false, error }) as const;

const threadOf = (owner: Process, request: SpawnRequest, thread: ThreadRequest) => ({
  boot: threadBoot(owner.boot, request, thread),
  flags: owner.flags,
  owner,
  files: owner.files,
});

let nextRunId = 1_000_000_000;

const { SIGKILL } = constants.signals;

/** The processes of one run: its own program, and those it started. They end with it. */
export class ProcessTree implements AsyncDisposable {
  readonly #parts: TreeParts;
  readonly #root: Process;
  readonly #processes = new Map<number, Process>();
  readonly #running = new Set<Promise<unknown>>();
  /** Who listens where. */
  readonly listeners = new Listeners<CellRun>();
  readonly #disposal = new AbortController();
  #lastPid: number;
  #lastChild = 0;
  #endedCpuMs = 0;

  constructor(parts: TreeParts) {
    this.#parts = parts;
    const { boot, flags } = parts;
    const { pid } = boot;
    this.#lastPid = pid;
    this.#root = { pid, run: undefined, early: 0, boot, flags, files: ROOT_FILES, lastThread: 0 };
    this.#processes.set(pid, this.#root);
  }

  /** Names the run of the program itself. */
  plant(run: CellRun): void {
    this.#root.run = run;
  }

  /** CPU time of all child processes so far, milliseconds. */
  get cpuMs(): number {
    let total = this.#endedCpuMs;
    for (const { run, pid } of this.#processes.values()) if (pid !== this.#root.pid) total += run?.cpuMs ?? 0;
    return total;
  }

  /** A number for a new thread of the process this run belongs to. */
  nextThread(run: CellRun): number {
    let process = this.#processes.get(run.pid) ?? this.#root;
    while (process.owner) process = process.owner;
    process.lastThread += 1;
    return process.lastThread;
  }

  /** Starts a program for `parent`, which is told when it ends. */
  spawn(parent: CellRun, request: SpawnRequest): Spawned | ReturnType<typeof failure> {
    const { pipes } = parent;
    if (!pipes.hasRoom(request.stdio.length)) return failure("EMFILE");
    const incomings: BytePipe[] = [];
    const started = this.#start(parent, request, (_fd, incoming, outgoing) => {
      incomings.push(incoming);
      return pipes.add(incoming, outgoing);
    });
    if (!("ending" in started)) return started;
    this.#lastChild += 1;
    const child = this.#lastChild;
    void started.ending.then(async ({ code, signal }) => {
      // Its last words and the end of its pipes come before the news of its end, as libuv looks at signals last. Pipes
      // that its parent leaves alone, or that others hold open, are not waited for.
      const read = incomings.filter(({ ending }) => ending).map(({ done }) => done);
      await Promise.race([Promise.all(read), delay(LAST_WORDS_MS, undefined, { ref: false })]);
      setImmediate(() => parent.tell({ type: "childExit", child, code, signal }));
    });
    return { ok: true, child, pid: started.pid, pipes: started.ends };
  }

  /** The same, to its end. */
  async spawnSync(
    parent: CellRun,
    request: SpawnRequest,
    wait: SyncWait,
    input: Uint8Array,
  ): Promise<{ readonly answer: SpawnedSync | ReturnType<typeof failure>; readonly body?: Uint8Array }> {
    let error = "";
    let pid = 0;
    const stop = (why: string): void => {
      if (error !== "") return;
      error = why;
      this.kill(pid, wait.killSignal);
    };
    const collector = new Collector(wait, input, () => stop("ENOBUFS"));
    const started = this.#start(parent, request, (fd, incoming, outgoing) => {
      collector.attach(fd, incoming, outgoing);
      return -1;
    });
    if (!("ending" in started)) return { answer: started };
    pid = started.pid;
    const timer = wait.timeoutMs > 0 ? setTimeout(() => stop("ETIMEDOUT"), wait.timeoutMs) : undefined;
    const { code, signal } = await started.ending;
    // A program that was stopped may have left others behind that hold its pipes.
    if (error !== "") collector.close();
    await collector.ended();
    clearTimeout(timer);
    const { outputs, body } = collector.result(request.stdio.length);
    return { answer: { ok: true, pid, code, signal, error, outputs }, body };
  }

  /** Connects a process with a server of another one. -> its pipe, or an error code */
  async reach(client: CellRun, port: number, peer: Peer): Promise<number | string> {
    const server = this.listeners.servedBy(client, peer.protocol, peer.address, port);
    if (server === undefined) return "ECONNREFUSED";
    if (!client.pipes.hasRoom(1)) return "EMFILE";
    const there = new BytePipe();
    const back = new BytePipe();
    const pipe = client.pipes.add(back, there);
    if (await server.inbound.join(there, back, port, peer)) return pipe;
    client.pipes.step(pipe, "close", new Uint8Array(0));
    return "ECONNREFUSED";
  }

  /** Sends a signal; 0 only asks. -> whether there is such a process */
  kill(pid: number, signal: number): boolean {
    const process = this.#processes.get(pid);
    if (process === undefined) return false;
    if (signal === 0) return true;
    if (process.run) process.run.signal(signal);
    else process.early = signal;
    return true;
  }

  /** Ends every child process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal.abort();
    await Promise.all(this.#running);
    await this.#parts.cells[Symbol.asyncDispose]();
  }

  #start(parent: CellRun, request: SpawnRequest, attach: Attach) {
    if (this.#processes.size > this.#parts.limits.processes) return failure("EAGAIN");
    if (this.#disposal.signal.aborted) return failure("EAGAIN");
    const starter = this.#processes.get(parent.pid);
    if (starter === undefined) return failure("ESRCH");
    const { thread } = request;
    if (thread !== undefined && this.#parts.boot.tiers.profile !== "full") return failure("ENOSYS");
    const inherited = request.stdio.filter((each) => typeof each === "number");
    // A thread does without a standard stream its process has closed.
    if (!thread && inherited.some((fd) => parent.descriptors.get(fd) === undefined)) return failure("EBADF");
    const ends: number[] = [];
    const descriptors = request.stdio.map((spec, fd): readonly [number, Descriptor] => {
      if (spec === "pipe" || spec === "ipc") {
        const incoming = new BytePipe();
        const outgoing = new BytePipe();
        ends.push(attach(fd, incoming, outgoing));
        return [fd, pipeDescriptor(outgoing, incoming)];
      }
      ends.push(-1);
      const shared = spec === "ignore" ? nothing : (parent.descriptors.get(spec) ?? nothing);
      shared.retain();
      return [fd, shared];
    });
    this.#lastPid += 1;
    const pid = this.#lastPid;
    const table = new DescriptorTable(descriptors);
    const state = { pid, run: undefined, early: 0, lastThread: 0 };
    const process: Process = thread
      ? { ...state, ...threadOf(starter, request, thread) }
      : { ...state, ...this.#childOf(starter, request, pid, table) };
    this.#processes.set(pid, process);
    const ending = this.#live(process, request, table);
    this.#running.add(ending);
    void ending.finally(() => this.#running.delete(ending));
    return { pid: process.pid, ends, ending };
  }

  #childOf({ boot }: Process, request: SpawnRequest, pid: number, table: DescriptorTable) {
    const flags = request.program === "node" ? commandLineFlags(request.args.slice(1)) : [];
    return { boot: childBoot(this.#parts.boot, request, { pid, ppid: boot.pid }, table), flags, files: pid };
  }

  #stopThreads(owner: Process): void {
    for (const process of this.#processes.values()) if (process.owner === owner) this.kill(process.pid, SIGKILL);
  }

  /** A process from its cell's start to its end. Never rejects. */
  async #live(process: Process, request: SpawnRequest, table: DescriptorTable): Promise<ChildEnding> {
    const { withoutHelper, powers, cells, warn } = this.#parts;
    const limits = threadLimits(this.#parts.limits, request.thread);
    const { pid } = process;
    let cell: CellProcess | undefined;
    let healthy = false;
    try {
      cell = await cells.acquire();
      nextRunId += 1;
      const request_ = {
        id: nextRunId,
        entry: { kind: request.thread ? "worker" : request.program === "sh" ? "shell" : "command" } as const,
        wantsExports: false,
        decisions: powers.onDecision !== undefined,
        withoutHelper,
        engineFlags: process.flags,
        boot: process.boot,
        limits,
      };
      const run = new CellRun(cell, request_, {
        ...powers,
        pid,
        tree: this,
        descriptors: table,
        files: this.#root.run,
        filesOf: process.files,
        signal: this.#disposal.signal,
      });
      process.run = run;
      if (process.early > 0) run.signal(process.early);
      const end = await run.execute();
      // Flags stay with the process they were set in.
      healthy = process.flags.length === 0 && end.kind === "result" && end.result.outcome === "exit";
      return childEnding(end);
    } catch (error) {
      warn({ pid, error }, "a child process could not be run");
      return { code: 70, signal: 0 };
    } finally {
      this.#endedCpuMs += process.run?.cpuMs ?? 0;
      this.#processes.delete(pid);
      table.closeAll();
      this.#stopThreads(process);
      if (process.files === pid) this.#root.run?.fileRequests.release(pid);
      if (cell !== undefined) cells.release(cell, healthy);
    }
  }
}
