import type { Socket } from "node:net";
import { constants } from "node:os";
import type { Writable } from "node:stream";
import { EMPTY_BODY, encodeHead, MAX_COMMAND_HEADER_BYTES } from "../channel/frames.ts";
import type { Answer, Command, Serve } from "../channel/messages.ts";
import { CellStartError } from "./cell-start-error.ts";
import { type ReportHandler, ReportStream } from "./report-stream.ts";
import { type CellOptions, type SpawnedCell, spawnCell } from "./spawn-cell.ts";

/** How much of a cell's standard error is kept for diagnosis, bytes. */
const STDERR_BYTES = 64 * 1024;
/** A cell that has not reported `ready` by then never will, milliseconds. */
const BOOT_LIMIT_MS = 30_000;
/** The same after a run, when it only has to make a fresh isolate, milliseconds. */
const REST_LIMIT_MS = 5000;

export interface CellExit {
  readonly exitCode: number | null;
  readonly signal: number | null;
}

/** Pipes that are full, each with the promise that waits for room. */
const fullPipes = new WeakMap<Writable, Promise<void>>();

function roomIn(pipe: Writable): Promise<void> {
  const waiting = fullPipes.get(pipe);
  if (waiting) return waiting;
  const room = new Promise<void>((resolve) => {
    const done = () => {
      pipe.off("drain", done).off("close", done);
      fullPipes.delete(pipe);
      resolve();
    };
    pipe.on("drain", done).on("close", done);
  });
  fullPipes.set(pipe, room);
  return room;
}

/** Writes one frame; -> nothing, or a promise while the pipe is full. */
function writeFrame(pipe: Writable, header: object, body: Uint8Array): void | Promise<void> {
  if (pipe.destroyed || pipe.writableEnded) return;
  pipe.cork();
  let room = pipe.write(encodeHead(header, body.length, MAX_COMMAND_HEADER_BYTES));
  if (body.length > 0) room = pipe.write(body);
  pipe.uncork();
  return room ? undefined : roomIn(pipe);
}

/** One cell: a child process and its channel. Whoever starts it ends it. */
export class CellProcess implements AsyncDisposable {
  /** Settles when the process is gone and its last words are read. Reports may still be in the pipe: `drained`. */
  readonly exited: Promise<CellExit>;
  /** Called once, when the cell broke the protocol or a report handler threw. */
  onBroken: (error: Error) => void = () => this.kill();
  readonly #pipes: SpawnedCell;
  readonly #reports: ReportStream;
  #handler: ReportHandler | undefined;
  #stderr = "";
  #alive = true;
  #isReady: () => void = () => {};
  #notReady: (error: CellStartError) => void = () => {};
  #ready: Promise<void> = this.#expectReady();
  #held = true;

  constructor(options: CellOptions) {
    const pipes = spawnCell(options);
    this.#pipes = pipes;
    pipes.stderr.setEncoding("latin1").on("data", (text: string) => {
      if (this.#stderr.length < STDERR_BYTES) this.#stderr += text.slice(0, STDERR_BYTES - this.#stderr.length);
    });
    // A write to a cell that has just died fails; its exit says all there is to say.
    for (const pipe of [pipes.stderr, pipes.commands, pipes.answers, pipes.lifeline]) pipe.on("error", () => {});
    this.exited = this.#watchExit();
    pipes.child.once("error", (error) => this.#notReady(new CellStartError(error.message, "")));
    void this.exited.then(({ exitCode, signal }) => {
      const how = signal === null ? `code ${exitCode}` : `signal ${signal}`;
      this.#notReady(new CellStartError(`it ended with ${how}`, this.#stderr));
    });
    this.#limitReady(BOOT_LIMIT_MS);
    this.#reports = new ReportStream(
      pipes.reports,
      (report, body) => (report.type === "ready" ? this.#isReady() : this.#handler?.(report, body)),
      (error) => this.onBroken(error),
    );
  }

  /** Settles when the cell can take a run. @throws CellStartError */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /** A run begins: the cell will report `ready` again when it can take another. */
  busy(): void {
    this.#ready = this.#expectReady();
  }

  /** The run is over: a cell that does not come back soon is ended. */
  rest(): void {
    this.#limitReady(REST_LIMIT_MS);
  }

  /** Absent when the process could not be started. */
  get pid(): number | undefined {
    return this.#pipes.child.pid;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** What the cell's own V8 and Node wrote to its standard error, latin1, at most 64 KiB. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Settles when every report that the cell got out was handled. */
  get drained(): Promise<void> {
    return this.#reports.ended;
  }

  /** Who takes the reports from now on; nobody after `listen(undefined)`. */
  listen(handler: ReportHandler | undefined): void {
    this.#handler = handler;
  }

  /** Sends a command; -> a promise while the pipe is full. A dead cell takes it and does nothing. */
  send(command: Command, body: Uint8Array = EMPTY_BODY): void | Promise<void> {
    return writeFrame(this.#pipes.commands, command, body);
  }

  /** Answers a question the cell blocks on, or has it serve something meanwhile. */
  answer(answer: (Answer & { readonly to: number }) | Serve, body: Uint8Array = EMPTY_BODY): void {
    void writeFrame(this.#pipes.answers, answer, body);
  }

  /** Whether this cell keeps the embedder's process alive (it does at first). */
  hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    const { child, stderr, reports, commands, answers, lifeline } = this.#pipes;
    // child.stdio entries are sockets; their stream types do not say so.
    for (const each of [child, stderr, reports, commands, answers, lifeline] as unknown as Socket[]) {
      if (held) each.ref();
      else each.unref();
    }
  }

  /** SIGKILL: the only way that ends a cell whatever its guest does. */
  kill(): void {
    if (this.#alive) this.#pipes.child.kill("SIGKILL");
  }

  /** Drops reports that nobody has handled yet. */
  drop(): void {
    this.#reports.drop();
  }

  /** Kills the cell and waits until it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    // An idle cell does not keep the embedder's process alive; waiting for its end must.
    this.hold(true);
    this.kill();
    this.drop();
    await this.exited;
  }

  #expectReady(): Promise<void> {
    const ready = new Promise<void>((resolve, reject) => {
      this.#isReady = resolve;
      this.#notReady = reject;
    });
    // A warm cell may die while nobody waits for it.
    ready.catch(() => {});
    return ready;
  }

  #limitReady(limitMs: number): void {
    const limit = setTimeout(() => {
      this.#notReady(new CellStartError(`it was not ready after ${limitMs / 1000} s`, this.#stderr));
      this.kill();
    }, limitMs).unref();
    const stop = () => clearTimeout(limit);
    this.#ready.then(stop, stop);
  }

  #watchExit(): Promise<CellExit> {
    const { child, stderr, commands, answers, lifeline } = this.#pipes;
    const lastWords = new Promise<void>((resolve) => stderr.once("close", resolve));
    return new Promise((resolve) => {
      const gone = async (exitCode: number | null, signal: NodeJS.Signals | null): Promise<void> => {
        if (!this.#alive) return;
        this.#alive = false;
        for (const pipe of [commands, answers, lifeline]) pipe.destroy();
        await lastWords;
        resolve({ exitCode, signal: signal === null ? null : constants.signals[signal] });
      };
      child.once("exit", (code, signal) => void gone(code, signal));
      child.once("error", () => {
        // Only a process that never started has no pid; other errors are those of a signal not delivered.
        if (child.pid === undefined) void gone(null, null);
      });
    });
  }
}
