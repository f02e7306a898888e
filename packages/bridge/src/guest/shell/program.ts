import type { ChildProcess, StdioOptions } from "node:child_process";
import { STDERR, type Target, type Targets, writeTo } from "./io.ts";
import { reasonOf } from "./messages.ts";
import type { Session } from "./session.ts";

/** How a program ended. */
export interface Ended {
  /** `$?`: above 128 where a signal ended it. */
  readonly code: number;
  readonly signal: NodeJS.Signals | undefined;
}

/** What a shell says of a program that a signal ended (strsignal(3)); of the others nothing. */
export const SIGNAL_TEXTS: Readonly<Record<string, string>> = {
  SIGHUP: "Hangup",
  SIGQUIT: "Quit",
  SIGILL: "Illegal instruction",
  SIGTRAP: "Trace/breakpoint trap",
  SIGABRT: "Aborted",
  SIGFPE: "Floating point exception",
  SIGKILL: "Killed",
  SIGUSR1: "User defined signal 1",
  SIGSEGV: "Segmentation fault",
  SIGUSR2: "User defined signal 2",
  SIGALRM: "Alarm clock",
  SIGTERM: "Terminated",
};

/** What a signal's number is added to. */
const SIGNALED = 128;

export const statusOf = ({ code }: Ended): number => code;

const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
/** Signals passed on to what replaced the shell (`exec`): to whoever sends them, the two are one process. */
const PASSED_ON = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"] as const;

const stdioOf = (targets: Targets): (number | "pipe" | "ignore")[] => {
  const last = Math.max(...targets.keys());
  return Array.from({ length: last + 1 }, (_, fd) => {
    const target = targets.get(fd);
    if (target === undefined || target.kind === "nothing") return "ignore";
    return target.kind === "descriptor" ? target.fd : "pipe";
  });
};

/** Joins a program's pipes with the streams its descriptors lead to. -> settles when all output is through */
function connect(child: ChildProcess, targets: Targets): Promise<unknown> {
  const outputs: Promise<void>[] = [];
  for (const [fd, target] of targets) {
    const end = child.stdio[fd];
    if (!end) continue;
    end.on("error", () => {});
    if (target.kind === "source") {
      const { stream } = target;
      stream.pipe(end as NodeJS.WritableStream);
      // Whoever writes for a program that is gone is told so.
      child.once("exit", () => stream.destroy());
    } else if (target.kind === "sink") {
      outputs.push(new Promise((resolve) => end.once("close", () => resolve())));
      (end as NodeJS.ReadableStream).pipe(target.stream, { end: false });
      target.stream.once("close", () => end.destroy());
    }
  }
  return Promise.all(outputs);
}

/** Starts a program and waits for it. */
export async function runProgram(
  session: Session,
  words: readonly string[],
  extra: ReadonlyMap<string, string>,
  targets: Targets,
  place: { readonly line: number; readonly isReplacing: boolean; readonly onStart?: (pid: number) => void },
): Promise<Ended> {
  const [file = "", ...args] = words;
  const env = Object.fromEntries(
    session.environment(extra).map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
  const options = { cwd: session.cwd, env, stdio: stdioOf(targets) as StdioOptions };
  const fail = async (error: unknown): Promise<Ended> => {
    const isMissing = (error as { code?: string }).code === "ENOENT";
    const reason = isMissing ? "not found" : reasonOf(error);
    const text = `${session.name}: ${place.line}: ${file}: ${reason}\n`;
    await writeTo(session.fs, targets.get(STDERR) as Target, text);
    return { code: isMissing ? NOT_FOUND : NOT_EXECUTABLE, signal: undefined };
  };
  let child: ChildProcess;
  try {
    child = session.powers.childProcess.spawn(file, args, options);
  } catch (error) {
    return fail(error);
  }
  const outputs = connect(child, targets);
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  if (place.isReplacing) for (const signal of PASSED_ON) process.on(signal, pass);
  try {
    return await new Promise<Ended>((resolve) => {
      child.once("error", (error) => resolve(fail(error)));
      child.once("spawn", () => place.onStart?.(child.pid as number));
      child.once("exit", (code, signal) => {
        void outputs.then(() =>
          resolve({
            code: code ?? SIGNALED + (session.powers.signals[signal as string] ?? 0),
            signal: signal ?? undefined,
          }),
        );
      });
    });
  } finally {
    if (place.isReplacing) for (const signal of PASSED_ON) process.off(signal, pass);
  }
}
