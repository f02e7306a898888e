import type { BootConfig, TierConfig } from "@vivarium/bridge/contract";
import type { Limits } from "../limits/index.ts";
import type { OsInfo, ProcessInfo } from "./options.ts";
import type { Program } from "./program.ts";

/** Where `node` seems to be installed. */
export const GUEST_EXEC_PATH = "/usr/local/bin/node";
/** Working directory of a program when none is given, guest path. */
export const GUEST_CWD = "/app";

export interface BootParts {
  readonly program: Program;
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
  /** Already filtered by `permissions.env`. */
  readonly env: Readonly<Record<string, string>>;
  readonly process: ProcessInfo;
  readonly os: OsInfo;
  readonly tiers: TierConfig;
  readonly bindings: readonly string[];
  readonly hasStdin: boolean;
  readonly limits: Limits;
}

type Options = BootConfig["options"];

/** Command line options as Node reads them: underscores are hyphens, `--no-name` switches `--name` off. */
function optionsOf(flags: readonly string[]): Options {
  const options: Record<string, boolean | string> = {};
  for (const flag of flags) {
    const [, name = "", value] = /^--([^=]*)(?:=(.*))?$/s.exec(flag) ?? [];
    const plain = name.replaceAll("_", "-");
    const off = value === undefined && plain.startsWith("no-");
    options[`--${off ? plain.slice(3) : plain}`] = value ?? !off;
  }
  return options;
}

/** The switches Node would have been started with: they show in `process.execArgv` and in Node's own option table. */
function switches({ program }: BootParts): Pick<BootConfig, "execArgv" | "options"> {
  const required = program.require ?? [];
  const flags = program.flags ?? [];
  const execArgv = [...flags, ...required.flatMap((module) => ["-r", module])];
  const preload: Options = { ...optionsOf(flags), ...(required.length === 0 ? {} : { "--require": required }) };
  if (program.kind !== "eval") return { execArgv, options: preload };
  const print = program.print === true;
  return {
    execArgv: [...execArgv, print ? "-p" : "-e", program.code],
    options: { ...preload, "--eval": program.code, ...(print ? { "--print": true } : {}) },
  };
}

/** What the cell tells the guest at its start. */
export function bootConfig(parts: BootParts): BootConfig {
  const { program, process, limits } = parts;
  const main = program.kind === "eval" ? [] : [program.filePath];
  return {
    argv: [GUEST_EXEC_PATH, ...main, ...parts.argv],
    ...switches(parts),
    execPath: GUEST_EXEC_PATH,
    cwd: parts.cwd ?? GUEST_CWD,
    env: parts.env,
    pid: process.pid,
    ppid: process.ppid,
    title: process.title,
    umask: process.umask,
    uid: process.uid,
    gid: process.gid,
    startTime: Date.now(),
    // Output is written synchronously, as Node writes to files (and, on Linux, to pipes).
    // Without input, standard input is as /dev/null is: there, and at its end.
    stdio: { stdin: "FILE", stdout: "FILE", stderr: "FILE" },
    os: parts.os,
    tiers: parts.tiers,
    bindings: parts.bindings,
    payloadBytes: limits.payloadBytes,
    wasmPages: limits.wasmPages,
  };
}
