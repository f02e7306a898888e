import { readFrom, STDIN, STDOUT, type Targets, writeTo } from "./io.ts";
import { complain, print, reasonOf } from "./messages.ts";
import type { Ended } from "./program.ts";
import type { Session } from "./session.ts";
import { utilities } from "./utilities.ts";

/** -> exit code */
export type Builtin = (args: readonly string[], targets: Targets, session: Session) => Promise<number> | number;

/** Ends the shell, or the subshell. */
export class ShellExit {
  readonly ended: Ended;
  constructor(ended: Ended) {
    this.ended = ended;
  }
}

const MISUSE = 2;

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** `\n`, `\t`, `\0101` as dash's echo and printf read them. */
const unescaped = (text: string): string =>
  text.replaceAll(/\\(?:0?([0-7]{1,3})|([abfnrtv\\]))/g, (_all, octal: string | undefined, letter: string) =>
    octal === undefined ? (ESCAPES[letter] as string) : String.fromCharCode(Number.parseInt(octal, 8)),
  );

function printf([format = "", ...values]: readonly string[]): string {
  let text = "";
  let at = 0;
  do {
    const before = at;
    text += unescaped(format).replaceAll(
      /%(-?)(0?)(\d*)(?:\.(\d+))?([sdixXocb%])/g,
      (_all, left, zero, width, precision, kind: string) => {
        if (kind === "%") return "%";
        const value = values[at++] ?? "";
        let out = kind === "s" || kind === "b" || kind === "c" ? value : String(Math.trunc(Number(value) || 0));
        if (kind === "b") out = unescaped(value);
        else if (kind === "c") out = value.slice(0, 1);
        else if (kind === "x" || kind === "X" || kind === "o")
          out = (Number(value) || 0).toString(kind === "o" ? 8 : 16);
        if (kind === "X") out = out.toUpperCase();
        if (kind === "s" && precision !== undefined) out = out.slice(0, +precision);
        return left ? out.padEnd(+width) : out.padStart(+width, zero ? "0" : " ");
      },
    );
    if (at === before) break;
  } while (at < values.length);
  return text;
}

function unary(session: Session, operator: string, value: string): boolean | undefined {
  if (operator === "-n") return value !== "";
  if (operator === "-z") return value === "";
  const stat = session.fs.statSync(session.resolve(value), { throwIfNoEntry: false });
  switch (operator) {
    case "-e":
    case "-r":
    case "-w":
      return stat !== undefined;
    case "-f":
      return stat?.isFile() === true;
    case "-d":
      return stat?.isDirectory() === true;
    case "-s":
      return (stat?.size ?? 0) > 0;
    case "-x":
      return stat !== undefined && (stat.mode & 0o111) !== 0;
    default:
      return undefined;
  }
}

const COMPARISONS: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "-eq": (a, b) => +a === +b,
  "-ne": (a, b) => +a !== +b,
  "-lt": (a, b) => +a < +b,
  "-le": (a, b) => +a <= +b,
  "-gt": (a, b) => +a > +b,
  "-ge": (a, b) => +a >= +b,
};

function test(session: Session, args: readonly string[]): boolean | undefined {
  const [first = "", second = "", third = ""] = args;
  if (first === "!" && args.length > 1) {
    const inner = test(session, args.slice(1));
    return inner === undefined ? undefined : !inner;
  }
  if (args.length < 2) return first !== "";
  return args.length === 2 ? unary(session, first, second) : COMPARISONS[second]?.(first, third);
}

const runTest: Builtin = (args, targets, session) => {
  const result = test(session, args);
  return result === undefined
    ? complain(session, targets, `${session.name}: 1: test: unexpected operator`, MISUSE)
    : result
      ? 0
      : 1;
};

/** Everything a program may count on where there is a shell; each is a function of it here. */
export const builtins: Readonly<Record<string, Builtin>> = {
  ":": () => 0,
  true: () => 0,
  false: () => 1,
  "[": (args, targets, session) => runTest(args.at(-1) === "]" ? args.slice(0, -1) : args, targets, session),
  test: runTest,
  async echo(args, targets, session) {
    const isOpen = args[0] === "-n";
    await print(session, targets, unescaped((isOpen ? args.slice(1) : args).join(" ")) + (isOpen ? "" : "\n"));
    return 0;
  },
  async printf(args, targets, session) {
    await print(session, targets, printf(args));
    return 0;
  },
  async cat(args, targets, session) {
    let code = 0;
    for (const name of args.length > 0 ? args : ["-"]) {
      try {
        if (name === "-") {
          for await (const data of readFrom(session.fs, targets.get(STDIN)))
            await writeTo(session.fs, targets.get(STDOUT), data);
        } else await writeTo(session.fs, targets.get(STDOUT), session.fs.readFileSync(session.resolve(name)));
      } catch (error) {
        code = await complain(session, targets, `cat: ${name}: ${reasonOf(error)}`, 1);
      }
    }
    return code;
  },
  cd([to = ""], targets, session) {
    const path = session.resolve(to || session.variables.get("HOME") || "/");
    try {
      if (!session.fs.statSync(path).isDirectory()) throw new Error("not a directory");
      session.cwd = path;
      session.variables.set("PWD", path);
      return 0;
    } catch {
      return complain(session, targets, `${session.name}: 1: cd: can't cd to ${to}`, MISUSE);
    }
  },
  async pwd(_args, targets, session) {
    await print(session, targets, `${session.cwd}\n`);
    return 0;
  },
  exit([code], _targets, session) {
    throw new ShellExit({ code: (code === undefined ? session.status : Number(code)) & 0xff, signal: undefined });
  },
  export(args, _targets, session) {
    for (const arg of args) session.declare(arg);
    return 0;
  },
  unset(args, _targets, session) {
    for (const arg of args) session.variables.delete(arg);
    return 0;
  },
  async env(_args, targets, session) {
    await print(
      session,
      targets,
      session
        .environment()
        .map((pair) => `${pair}\n`)
        .join(""),
    );
    return 0;
  },
  kill(args, targets, session) {
    const signal = /^-(?:SIG)?(\w+)$/.exec(args[0] ?? "")?.[1];
    const named = signal === undefined ? "SIGTERM" : /^\d+$/.test(signal) ? Number(signal) : `SIG${signal}`;
    try {
      for (const pid of signal === undefined ? args : args.slice(1)) session.kill(Number(pid), named);
      return 0;
    } catch {
      return complain(session, targets, `${session.name}: 1: kill: No such process`, 1);
    }
  },
  async sleep([seconds = "0"]) {
    await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
    return 0;
  },
  ...utilities,
  // Limits are the embedder's to set, modes of the shell's own change nothing here.
  ulimit: () => 0,
  set: () => 0,
  umask: () => 0,
};
