import { Buffer } from "node:buffer";
import { writeSync } from "node:fs";
import { type CellChannel, openCellChannel } from "../channel/cell-side.ts";
import { REPORT_FD } from "../channel/descriptors.ts";
import { startLifeline } from "../channel/lifeline.ts";
import type { CellResult, Command, Question, RunRequest } from "../channel/messages.ts";

/**
 * A cell without an isolate: it speaks the whole channel and does what its "program", one step as JSON, says. Tests of
 * the supervisor run it by itself, so it imports nothing that needs a build.
 */
export type FakeStep =
  | { readonly do: "exit"; readonly code: number; readonly exports?: string; readonly error?: string }
  | { readonly do: "report"; readonly result: Partial<CellResult> }
  | { readonly do: "print"; readonly pieces: readonly { readonly channel: 1 | 2; readonly text: string }[] }
  | { readonly do: "flood"; readonly frames: number; readonly bytes: number }
  | { readonly do: "loop"; readonly print?: string }
  | { readonly do: "wait" }
  | { readonly do: "grow" }
  | { readonly do: "die"; readonly signal: NodeJS.Signals; readonly stderr?: string; readonly afterResult?: boolean }
  | { readonly do: "garbage"; readonly base64: string }
  | { readonly do: "ask"; readonly question: Question; readonly body?: string }
  | { readonly do: "call"; readonly name: string; readonly args: string }
  | { readonly do: "stdin"; readonly sync: boolean }
  | { readonly do: "decide"; readonly decision: unknown }
  | { readonly do: "show" };

const usage = { cpuMs: 1, wallMs: 1, heapMiB: 1, rssMiB: 1, syscalls: 0, stdioBytes: 0 };
const base64 = (text: string | undefined) => Buffer.from(text ?? "", "base64");

let dying = false;
let prepared: unknown;
let runs = 0;
let onAnswer: (ok: boolean, body: Uint8Array) => void = () => {};
let onStdin: (end: boolean, body: Uint8Array) => void = () => {};

const print = (channel: CellChannel, text: string | Uint8Array, fd: 1 | 2 = 1): void =>
  channel.report({ type: "stdio", channel: fd }, typeof text === "string" ? Buffer.from(text) : text);

function finish(
  channel: CellChannel,
  run: RunRequest,
  result: Partial<CellResult> = {},
  exports = "",
  error = "",
): void {
  const parts = [base64(exports), base64(error)] as const;
  const body: CellResult["body"] = [parts[0].length, parts[1].length];
  const full: CellResult = { id: run.id, code: 0, outcome: "exit", usage, body, ...result };
  channel.report({ type: "result", result: full }, Buffer.concat(parts));
  if (!dying) channel.report({ type: "ready", bootMs: performance.now() });
}

function readAllSync(channel: CellChannel): void {
  for (;;) {
    const { body } = channel.ask({ kind: "stdin", bytes: 10 });
    if (body.length === 0) return;
    print(channel, Buffer.concat([Buffer.from("<"), body, Buffer.from(">")]));
  }
}

/** What a step returns means nothing. */
function perform(channel: CellChannel, run: RunRequest, step: FakeStep): unknown {
  const done = (result?: Partial<CellResult>) => finish(channel, run, result);
  switch (step.do) {
    case "exit":
      return finish(channel, run, { code: step.code }, step.exports, step.error);
    case "report":
      return done(step.result);
    case "print":
      for (const { channel: fd, text } of step.pieces) print(channel, text, fd);
      return done();
    case "flood":
      for (let index = 0; index < step.frames; index++) {
        const piece = Buffer.alloc(step.bytes);
        piece.writeUInt32LE(index);
        print(channel, piece);
      }
      return done();
    case "loop":
      if (step.print !== undefined) print(channel, step.print);
      for (;;);
    case "wait":
      return print(channel, "waiting");
    case "grow": {
      const held: Uint8Array[] = [];
      for (;;) held.push(new Uint8Array(8 * 1024 * 1024).fill(1));
    }
    case "die":
      if (step.stderr !== undefined) writeSync(2, step.stderr);
      dying = true;
      if (step.afterResult === true) done();
      process.kill(process.pid, step.signal);
      return;
    case "garbage":
      writeSync(REPORT_FD, base64(step.base64));
      return;
    case "ask": {
      const { header, body } = channel.ask(step.question, base64(step.body));
      print(channel, JSON.stringify({ header, body: Buffer.from(body).toString("base64") }));
      return done();
    }
    case "call":
      onAnswer = (ok, body) => {
        print(channel, JSON.stringify({ ok, body: Buffer.from(body).toString("base64") }));
        done();
      };
      return channel.report({ type: "call", token: 7, name: step.name }, base64(step.args));
    case "stdin":
      if (step.sync) {
        readAllSync(channel);
        return done();
      }
      onStdin = (end, body) => {
        if (end) return done();
        print(channel, body);
        channel.report({ type: "wantStdin" });
      };
      return channel.report({ type: "wantStdin" });
    case "decide":
      channel.report({ type: "decision", decision: step.decision });
      return done();
    case "show":
      print(channel, JSON.stringify({ pid: process.pid, runs, env: process.env, prepared, run }));
      return done();
  }
}

function main(): void {
  const channel = openCellChannel({
    onCommand(command: Command, body) {
      if (command.type === "prepare") prepared = command;
      else if (command.type === "answer") onAnswer(command.ok, body);
      else if (command.type === "stdin") onStdin(command.end, body);
      else if (command.type === "run") {
        runs++;
        const { entry } = command.run;
        perform(channel, command.run, "code" in entry ? (JSON.parse(entry.code) as FakeStep) : { do: "show" });
      }
    },
  });
  startLifeline();
  channel.report({ type: "ready", bootMs: performance.now() });
}

if (process.argv[1]?.endsWith("fake-cell.ts")) main();
