import { UTILITIES } from "../../contract/programs.ts";
import type { Realm } from "../realm.ts";
import { Interpreter } from "./interpreter.ts";
import type { Target } from "./io.ts";
import type { Ended } from "./program.ts";
import { Session, type ShellPowers } from "./session.ts";
import { ShellSyntaxError } from "./words.ts";

/** Exit code of a program the shell cannot read. */
const UNREADABLE = 2;
const NO_SCRIPT = 127;

const isUtility = (name: string): boolean => (UTILITIES as readonly string[]).includes(name);

interface Library {
  readonly process: NodeJS.Process;
  readonly exit: (code: number) => never;
  readonly powers: ShellPowers;
}

/**
 * `/bin/sh`: a small POSIX shell, so that `child_process.exec` and `shell: true` have one. It is the main program of a
 * process of its own, written on the library every program has: what it starts are child processes, what it opens are
 * files of the sandbox. No program's code runs beside it, so it may use built-ins as they are.
 *
 * Under the name (argv[0]) of one of `UTILITIES` it is that program. Otherwise its arguments are `-c PROGRAM [NAME [ARGUMENT...]]`, or a script's file and its arguments, or the program on standard input.
 */
export function runShell(realm: Realm): void {
  const { prepareMainThreadExecution, markBootstrapComplete } = realm.requireBuiltin<{
    prepareMainThreadExecution(expand: boolean): void;
    markBootstrapComplete(): void;
  }>("internal/process/pre_execution");
  prepareMainThreadExecution(false);
  markBootstrapComplete();
  const library = libraryOf(realm);
  const { commandLine = [], argv0 = "sh" } = realm.config;
  void start(library, argv0, commandLine);
}

function libraryOf(realm: Realm): Library {
  const process = realm.process as NodeJS.Process;
  const { resolve } = realm.requireBuiltin<typeof import("node:path")>("path");
  return {
    process,
    exit: (code) => realm.exit(code),
    powers: {
      fs: realm.requireBuiltin("fs"),
      childProcess: realm.requireBuiltin("child_process"),
      stream: realm.requireBuiltin("stream"),
      signals: (realm.internalBinding("constants") as { os: { signals: Record<string, number> } }).os.signals,
      resolve: (...parts) => resolve(...parts),
      identity: () => ({ uid: realm.config.uid, gid: realm.config.gid }),
      kill: (pid, signal) => void process.kill(pid, signal),
      glob(pattern, cwd) {
        const { Glob } = realm.requireBuiltin<{
          Glob: new (pattern: string, options: object) => { globSync(): string[] };
        }>("internal/fs/glob");
        return new Glob(pattern, { cwd }).globSync().sort();
      },
    },
  };
}

async function start({ process, powers, exit }: Library, argv0: string, given: readonly string[]): Promise<void> {
  const args = given.filter((arg, index) => !(index === 0 && /^-[eux]+$/.test(arg)));
  const isCommand = /^-[eux]*c$/.test(args[0] ?? "");
  const session = (name: string, rest: readonly string[]): Session =>
    new Session(powers, {
      name,
      args: rest,
      pid: process.pid,
      variables: new Map(Object.entries(process.env as Record<string, string>)),
      exported: new Set(Object.keys(process.env)),
      cwd: process.cwd(),
    });
  const end = ({ code, signal }: Ended): never => {
    // A program that replaced the shell ends it as it ended itself.
    if (signal !== undefined) process.kill(process.pid, signal);
    return exit(code);
  };
  const utility = argv0.slice(argv0.lastIndexOf("/") + 1);
  if (isUtility(utility)) return end(await run(powers, session(argv0, given), `${utility} "$@"`));
  if (isCommand) return end(await run(powers, session(args[2] ?? argv0, args.slice(3)), args[1] ?? ""));
  const [script] = args;
  try {
    const text = powers.fs.readFileSync(script === undefined ? 0 : powers.resolve(script), "utf8");
    return end(await run(powers, session(script ?? argv0, args.slice(1)), text));
  } catch {
    powers.fs.writeSync(2, `${argv0}: 0: cannot open ${script ?? ""}: No such file\n`);
    return exit(NO_SCRIPT);
  }
}

async function run(powers: ShellPowers, session: Session, text: string): Promise<Ended> {
  const descriptors = [0, 1, 2].map((fd): [number, Target] => [fd, { kind: "descriptor", fd }]);
  try {
    return await new Interpreter(session).program(text, new Map(descriptors));
  } catch (error) {
    const line = error instanceof ShellSyntaxError ? error.line : 1;
    powers.fs.writeSync(2, `${session.name}: ${line}: ${(error as Error).message}\n`);
    return { code: UNREADABLE, signal: undefined };
  }
}
