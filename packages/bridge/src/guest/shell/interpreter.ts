import { builtins, ShellExit } from "./builtins.ts";
import { type Expansion, expandText, expandWords } from "./expand.ts";
import { STDERR, STDIN, STDOUT, type Target, type Targets, writeTo } from "./io.ts";
import { reasonOf } from "./messages.ts";
import { type Command, type List, Parser, type Pipeline, type Redirection } from "./parse.ts";
import { type Ended, runProgram, SIGNAL_TEXTS, statusOf } from "./program.ts";
import { openTarget } from "./redirect.ts";
import type { Session } from "./session.ts";

const exited = (code: number): Ended => ({ code, signal: undefined });
const REDIRECTION_FAILED = 2;

type Simple = Extract<Command, { kind: "simple" }>;

/** Runs commands, one after the other. */
export class Interpreter {
  readonly #session: Session;
  readonly #background: Promise<unknown>[] = [];

  constructor(session: Session) {
    this.#session = session;
  }

  /** Runs a whole program. -> how its last command ended */
  async program(text: string, targets: Targets): Promise<Ended> {
    try {
      return await this.#list(new Parser(text).program(), targets);
    } catch (error) {
      if (error instanceof ShellExit) return error.ended;
      throw error;
    } finally {
      await Promise.all(this.#background);
    }
  }

  get #expansion(): Expansion {
    const session = this.#session;
    return {
      args: session.args,
      parameter: (name) => session.parameter(name),
      assign: (name, value) => void session.variables.set(name, value),
      glob: (pattern) => session.powers.glob(pattern, session.cwd),
      substitute: (command) => this.#substitute(command),
    };
  }

  async #substitute(command: string): Promise<string> {
    const sink = new this.#session.powers.stream.PassThrough();
    const pieces: Uint8Array[] = [];
    sink.on("data", (data: Uint8Array) => pieces.push(data));
    const targets = new Map<number, Target>([
      [STDIN, { kind: "nothing" }],
      [STDOUT, { kind: "sink", stream: sink }],
      [STDERR, { kind: "descriptor", fd: STDERR }],
    ]);
    const ended = await new Interpreter(this.#session.copy()).program(command, targets);
    this.#session.status = statusOf(ended);
    const done = new Promise((resolve) => sink.once("end", resolve));
    sink.end();
    await done;
    return Buffer.concat(pieces).toString().replace(/\n+$/, "");
  }

  async #list(list: List, targets: Targets): Promise<Ended> {
    let ended = exited(0);
    for (const { steps, inBackground } of list) {
      if (inBackground) {
        const aside = new Interpreter(this.#session.copy());
        const quiet = new Map(targets).set(STDIN, { kind: "nothing" });
        const started = new Promise<number>((resolve) => {
          this.#background.push(aside.#steps(steps, quiet, resolve).finally(() => resolve(0)));
        });
        this.#session.lastBackground = await started;
        ended = exited(0);
      } else {
        ended = await this.#steps(steps, targets);
      }
    }
    return ended;
  }

  async #steps(steps: List[number]["steps"], targets: Targets, onStart?: (pid: number) => void): Promise<Ended> {
    let ended = exited(0);
    for (const { after, pipeline } of steps) {
      const isTrue = statusOf(ended) === 0;
      if ((after === "&&" && !isTrue) || (after === "||" && isTrue)) continue;
      ended = await this.#pipeline(pipeline, targets, onStart);
      this.#session.status = statusOf(ended);
    }
    return ended;
  }

  async #pipeline(
    { commands, isNegated }: Pipeline,
    targets: Targets,
    onStart?: (pid: number) => void,
  ): Promise<Ended> {
    let ended: Ended;
    if (commands.length === 1) {
      ended = await this.#command(commands[0] as Command, targets, onStart);
    } else {
      let source = targets.get(STDIN) as Target;
      const running = commands.map((command, index) => {
        const own = new Map(targets).set(STDIN, source);
        if (index === commands.length - 1) return new Interpreter(this.#session.copy()).#guarded(command, own);
        const pipe = new this.#session.powers.stream.PassThrough();
        source = { kind: "source", stream: pipe };
        own.set(STDOUT, { kind: "sink", stream: pipe });
        const part = new Interpreter(this.#session.copy());
        return part.#guarded(command, own).finally(() => pipe.end());
      });
      ended = (await Promise.all(running)).at(-1) as Ended;
    }
    return isNegated ? exited(statusOf(ended) === 0 ? 1 : 0) : ended;
  }

  /** A command in a subshell: `exit` ends that alone. */
  async #guarded(command: Command, targets: Targets): Promise<Ended> {
    try {
      return await this.#command(command, targets);
    } catch (error) {
      if (error instanceof ShellExit) return error.ended;
      throw error;
    }
  }

  async #command(command: Command, targets: Targets, onStart?: (pid: number) => void): Promise<Ended> {
    const opened: number[] = [];
    try {
      const own = await this.#redirect(command.redirections, targets, opened);
      if (own === undefined) return exited(REDIRECTION_FAILED);
      if (command.kind === "simple") return await this.#simple(command, own, onStart);
      if (!command.isSubshell) return await this.#list(command.list, own);
      const inner = new Interpreter(this.#session.copy());
      const group = { kind: "group", isSubshell: false, list: command.list, redirections: [] } as const;
      return await inner.#guarded(group, own);
    } finally {
      for (const fd of opened) this.#session.fs.closeSync(fd);
    }
  }

  async #redirect(
    redirections: readonly Redirection[],
    targets: Targets,
    opened: number[],
  ): Promise<Map<number, Target> | undefined> {
    const own = new Map(targets);
    for (const redirection of redirections) {
      const name = await expandText(redirection.target, this.#expansion);
      try {
        openTarget(this.#session, own, redirection, name, opened);
      } catch (error) {
        const verb = redirection.operator === "<" ? "open" : "create";
        const reason =
          (error as { code?: string }).code === "ENOENT" && verb === "create"
            ? "Directory nonexistent"
            : reasonOf(error);
        const what = verb === "open" && reason.startsWith("No such") ? "No such file" : reason;
        await writeTo(
          this.#session.fs,
          targets.get(STDERR),
          `${this.#session.name}: 1: cannot ${verb} ${name}: ${what}\n`,
        );
        return undefined;
      }
    }
    return own;
  }

  async #simple(command: Simple, targets: Targets, onStart?: (pid: number) => void): Promise<Ended> {
    const session = this.#session;
    const given = new Map<string, string>();
    for (const { name, value } of command.assignments) given.set(name, await expandText(value, this.#expansion));
    const words = await expandWords(command.words, this.#expansion);
    const isReplacing = words[0] === "exec";
    if (isReplacing || words[0] === "command") words.shift();
    if (words[0] === "env") takeEnvironment(words, given);
    const [name] = words;
    if (name === undefined) {
      for (const [key, value] of given) session.variables.set(key, value);
      return exited(0);
    }
    if (name === "wait") {
      await Promise.all(this.#background);
      return exited(0);
    }
    const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
    if (builtin === undefined) {
      const place = { line: command.line, isReplacing, ...(onStart ? { onStart } : {}) };
      const ended = await runProgram(session, words, given, targets, place);
      if (isReplacing) throw new ShellExit(ended);
      const text = onStart ? undefined : SIGNAL_TEXTS[ended.signal ?? ""];
      if (text !== undefined) await writeTo(session.fs, { kind: "descriptor", fd: STDERR }, `${text}\n`);
      return exited(ended.code);
    }
    if (given.size === 0) return exited(await builtin(words.slice(1), targets, session));
    const inner = session.copy();
    for (const [key, value] of given) inner.declare(`${key}=${value}`);
    return exited(await builtin(words.slice(1), targets, inner));
  }
}

/** `env NAME=value program`: the program with these variables. `env` alone prints them. */
function takeEnvironment(words: string[], given: Map<string, string>): void {
  let count = 1;
  for (; /^\w+=/.test(words[count] ?? ""); count++) {
    const word = words[count] as string;
    given.set(word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1));
  }
  words.splice(words.length > count ? 0 : 1, words.length > count ? count : count - 1);
}
