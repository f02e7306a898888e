import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { createHostLogger, type ExecResult, limitTable, NodeRuntime, type Program } from "@vivarium/core";
import { createNodeDriver } from "@vivarium/node-driver";
import { Denials } from "./denials.ts";
import { Output } from "./output.ts";
import type { ProgramSource, Settings } from "./settings.ts";

const STOP_SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const BROKEN_PIPE = 141;

/** The host's standard input, not touched before the guest asks for input. */
const hostStdin = {
  [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>,
};

async function programOf(source: ProgramSource, require: readonly string[]): Promise<Program> {
  if (source.kind === "stdin") return { kind: "eval", code: await text(process.stdin), require };
  return { ...source, require };
}

/** The line for a run that the sandbox ended, with the flag that raises the limit. */
function explain({ outcome, error }: ExecResult, { limits = {} }: Settings["runtime"]): string | undefined {
  const message = error?.message ?? outcome;
  if (outcome === "memory")
    return `${message} (${limits.memoryMiB ?? limitTable.memoryMiB.default} MiB); raise it with --memory-mb`;
  if (outcome === "crashed") return message;
  if (outcome !== "timeout") return undefined;
  const cpu = message.startsWith("CPU");
  const [flag, limit] = cpu ? (["--cpu-ms", "cpuTimeMs"] as const) : (["--wall-ms", "wallTimeMs"] as const);
  return `${message} (${limits[limit] ?? limitTable[limit].default} ms); raise it with ${flag}`;
}

function writeReport(file: string, { code, outcome, error, usage }: ExecResult): void {
  writeFileSync(file, `${JSON.stringify({ code, outcome, error: error ?? null, usage }, null, 2)}\n`);
}

/** Runs a program with this process's standard streams; -> the exit code. */
export async function runProgram(settings: Settings): Promise<number> {
  const stop = new AbortController();
  let forced: number | undefined;
  const stopWith = (code: number) => () => {
    forced ??= code;
    stop.abort();
  };
  for (const [signal, code] of Object.entries(STOP_SIGNALS)) process.on(signal, stopWith(code));
  const output = new Output(process, stopWith(BROKEN_PIPE));
  const program = await programOf(settings.program, settings.require);
  const runtime = new NodeRuntime({
    ...settings.runtime,
    driver: createNodeDriver(settings.driver),
    onStdio: output.write,
    onDecision: new Denials((text) => output.say(text)).note,
    pool: { size: 0 },
    ...(settings.logLevel === undefined ? {} : { logger: await createHostLogger(settings.logLevel) }),
  });
  const stdin = settings.program.kind === "stdin" ? undefined : hostStdin;
  // As Node has it: a program from standard input is called "-".
  const argv = settings.program.kind === "stdin" ? ["-", ...settings.args] : settings.args;
  const exec = { argv, cwd: settings.cwd, stdin, signal: stop.signal };
  const result = await runtime.execProgram(program, exec).finally(() => runtime.dispose());
  const line = forced === undefined ? explain(result, settings.runtime) : undefined;
  if (line !== undefined) output.say(line);
  await output.end();
  if (settings.report !== undefined) writeReport(settings.report, result);
  return forced ?? result.code;
}
