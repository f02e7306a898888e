import { installedProgram } from "@vivarium/bridge/contract";
import type { CellChannel } from "../channel/cell-side.ts";
import type { ChildCommand, ChildStdio, Spawned, SpawnedSync, SpawnRequest } from "../channel/messages.ts";
import { SyscallFailure } from "../errors/failure.ts";
import type { Handlers } from "../syscalls/driver.ts";
import type { CellStream } from "./cell-stream.ts";
import { ChildPipes } from "./child-pipes.ts";
import type { Streams } from "./streams.ts";

/** Arguments and environment of one program together, characters (Linux's ARG_MAX is 2 MiB). */
const MAX_ARGUMENTS = 512 * 1024;
const MAX_DESCRIPTORS = 64;
const MAX_SIGNAL = 64;

const invalid = (): never => {
  throw new SyscallFailure("EINVAL");
};

const texts = (values: readonly unknown[]): readonly string[] =>
  values.map((value) => (typeof value === "string" && !value.includes("\0") ? value : invalid()));

const count = (value: unknown, least = 0): number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= least ? value : invalid();

const stdioOf = (value: unknown): ChildStdio =>
  value === "ignore" || value === "pipe" || value === "ipc" ? value : count(value);

function requestOf(
  file: string,
  args: readonly unknown[],
  env: readonly unknown[],
  cwd: string,
  stdio: readonly unknown[],
): SpawnRequest {
  const name = installedProgram(file);
  if (name === undefined) throw new SyscallFailure("ENOENT");
  // The shell knows by its own name (argv[0]) which of the other programs it is to be.
  const request = {
    program: name === "node" ? ("node" as const) : ("sh" as const),
    args: texts(args),
    env: texts(env),
    cwd,
    stdio: stdio.map(stdioOf),
  };
  const size = [...request.args, ...request.env].reduce((total, { length }) => total + length + 1, 0);
  if (size > MAX_ARGUMENTS) throw new SyscallFailure("E2BIG");
  if (stdio.length > MAX_DESCRIPTORS) invalid();
  return request;
}

const split = (body: Uint8Array, lengths: readonly number[]): (Uint8Array | null)[] => {
  let at = 0;
  return lengths.map((length) => {
    if (length < 0) return null;
    at += length;
    return body.subarray(at - length, at);
  });
};

/**
 * In the next round of the cell's loop. What the pipes of a child said last came before the news of its end, but goes to the
 * guest at the end of this round (`Arrivals`); libuv too looks at signals last.
 */
const nextRound = (run: () => void): unknown => setImmediate(() => setImmediate(run));

/** A cell's part in its guest's child processes: they are other cells, which the supervisor starts. */
export class Children {
  readonly #channel: CellChannel;
  readonly #streams: Streams;
  readonly #pipes: ChildPipes;
  readonly #waiting = new Map<number, (ending: readonly number[]) => void>();
  readonly #ended = new Map<number, readonly number[]>();
  #handled: ReadonlySet<number> = new Set();
  readonly #signals: number[] = [];
  #haveStarted = false;
  #wantsSignal: ((signal: number) => void) | undefined;

  constructor(channel: CellChannel, streams: Streams) {
    this.#channel = channel;
    this.#streams = streams;
    this.#pipes = new ChildPipes(channel);
  }

  /** There is, or was, another process. */
  get haveStarted(): boolean {
    return this.#haveStarted;
  }

  /** Whether the guest handles this signal itself. */
  handles(signal: number): boolean {
    return this.#handled.has(signal);
  }

  /** Hands a signal to the guest. */
  signal(signal: number): void {
    const want = this.#wantsSignal;
    this.#wantsSignal = undefined;
    if (want) want(signal);
    else this.#signals.push(signal);
  }

  /** The cell's end of a pipe the supervisor made. */
  openPipe(pipe: number): CellStream {
    return this.#pipes.open(pipe);
  }

  command(command: Exclude<ChildCommand, { type: "unserve" | "dial" }>, body: Uint8Array): void {
    switch (command.type) {
      case "piped":
        this.#pipes.piped(command.pipe, body);
        break;
      case "written":
        this.#pipes.written(command.pipe, command.ok);
        break;
      case "childExit":
        nextRound(() => this.#exited(command.child, [command.code, command.signal]));
        break;
      case "signal":
        this.signal(command.signal);
        break;
    }
  }

  /** -> child, pid, stream per descriptor. @throws SyscallFailure */
  start(request: SpawnRequest): number[] {
    const { child, pid, pipes } = this.#ask({ kind: "spawn", request }).header as Spawned;
    this.#haveStarted = true;
    return [child, pid, ...pipes.map((pipe) => (pipe < 0 ? -1 : this.#streams.add(this.#pipes.open(pipe))))];
  }

  readonly childProcess: Handlers<"childProcess"> = {
    spawn: (_grants, file, args, env, cwd, stdio) => {
      return this.start(requestOf(file, args, env, cwd, stdio));
    },
    wait: (_grants, child) => {
      const ended = this.#ended.get(child);
      if (ended !== undefined) {
        this.#ended.delete(child);
        return Promise.resolve(ended);
      }
      return new Promise((resolve) => this.#waiting.set(child, resolve));
    },
    kill: (_grants, pid, signal) => {
      if (signal < 0 || signal > MAX_SIGNAL) invalid();
      this.#ask({ kind: "kill", pid, signal });
      return undefined;
    },
    spawnSync: (_grants, file, args, env, cwd, stdio, options) => {
      const request = requestOf(file, args, env, cwd, stdio);
      const [timeout, maxBuffer, killSignal, ...inputs] = options;
      const given = request.stdio.map((_, fd) => (inputs[fd] instanceof Uint8Array ? inputs[fd] : undefined));
      const wait = {
        timeoutMs: Math.max(0, typeof timeout === "number" ? timeout : 0),
        maxBuffer: count(maxBuffer, -1),
        killSignal: count(killSignal),
        inputs: given.map((input) => input?.length ?? -1),
      };
      const body = Buffer.concat(given.map((input) => input ?? new Uint8Array(0)));
      const answer = this.#ask({ kind: "spawnSync", request, wait }, body);
      const { pid, code, signal, error, outputs } = answer.header as SpawnedSync;
      return [pid, code, signal, error, ...split(answer.body, outputs)];
    },
  };

  readonly signals: Handlers<"signal"> = {
    handle: (_grants, numbers) => {
      const signals = [...new Set(numbers.map((signal) => count(signal)))].filter((signal) => signal <= MAX_SIGNAL);
      this.#handled = new Set(signals);
      this.#channel.report({ type: "handles", signals });
      return undefined;
    },
    next: () => {
      const ready = this.#signals.shift();
      if (ready !== undefined) return Promise.resolve(ready);
      return new Promise((resolve) => {
        this.#wantsSignal = resolve;
      });
    },
  };

  #ask(question: Parameters<CellChannel["ask"]>[0], input?: Uint8Array) {
    const answer = this.#channel.ask(question, input);
    const { header } = answer;
    if ("ok" in header && header.ok) return answer;
    throw new SyscallFailure(("error" in header ? header.error : undefined) ?? "EIO");
  }

  #exited(child: number, ending: readonly number[]): void {
    const waiting = this.#waiting.get(child);
    this.#waiting.delete(child);
    if (waiting) waiting(ending);
    else this.#ended.set(child, ending);
  }
}
