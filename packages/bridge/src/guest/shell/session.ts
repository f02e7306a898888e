type Fs = typeof import("node:fs");
type ChildProcess = typeof import("node:child_process");

/** The library as the shell uses it. */
export interface ShellPowers {
  readonly fs: Fs;
  readonly childProcess: ChildProcess;
  readonly stream: typeof import("node:stream");
  /** Numbers by name. */
  readonly signals: Readonly<Record<string, number>>;
  resolve(...parts: string[]): string;
  glob(pattern: string, cwd: string): string[];
  identity(): { readonly uid: number; readonly gid: number };
  kill(pid: number, signal: number | string): void;
}

/** The execution environment of a shell (POSIX.1-2017, 2.12): what a subshell gets a copy of. */
export class Session {
  readonly powers: ShellPowers;
  /** argv[0]; messages begin with it. */
  readonly name: string;
  readonly args: readonly string[];
  readonly pid: number;
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  cwd: string;
  /** `$?` */
  status = 0;
  lastBackground = 0;

  constructor(powers: ShellPowers, given: Pick<Session, "name" | "args" | "pid" | "variables" | "exported" | "cwd">) {
    this.powers = powers;
    this.name = given.name;
    this.args = given.args;
    this.pid = given.pid;
    this.variables = new Map(given.variables);
    this.exported = new Set(given.exported);
    this.cwd = given.cwd;
  }

  get fs(): Fs {
    return this.powers.fs;
  }

  /** What a subshell starts from. */
  copy(): Session {
    const copy = new Session(this.powers, this);
    copy.status = this.status;
    return copy;
  }

  resolve(path: string): string {
    return this.powers.resolve(this.cwd, path);
  }

  kill(pid: number, signal: number | string): void {
    this.powers.kill(pid, signal);
  }

  /** `export NAME` or `export NAME=value`. */
  declare(assignment: string): void {
    const at = assignment.indexOf("=");
    const name = at < 0 ? assignment : assignment.slice(0, at);
    if (at >= 0) this.variables.set(name, assignment.slice(at + 1));
    this.exported.add(name);
  }

  parameter(name: string): string | undefined {
    switch (name) {
      case "?":
        return String(this.status);
      case "$":
        return String(this.pid);
      case "!":
        return this.lastBackground === 0 ? "" : String(this.lastBackground);
      case "#":
        return String(this.args.length);
      case "@":
      case "*":
        return this.args.join(" ");
      case "0":
        return this.name;
      default:
        return /^\d+$/.test(name) ? this.args[Number(name) - 1] : this.variables.get(name);
    }
  }

  /** What a program it starts gets. */
  environment(extra: ReadonlyMap<string, string> = new Map()): string[] {
    const env = new Map([...this.variables].filter(([name]) => this.exported.has(name)));
    for (const [name, value] of extra) env.set(name, value);
    return [...env].map(([name, value]) => `${name}=${value}`);
  }
}
