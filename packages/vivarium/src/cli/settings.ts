import { existsSync, statSync } from "node:fs";
import { dirname, posix, resolve } from "node:path";
import {
  allowAll,
  type LimitOptions,
  type MountOption,
  type NodeDriverOptions,
  type NodeRuntimeOptions,
  type Permissions,
} from "@vivarium/core";
import type { CommandLine, OptionName } from "./options.ts";
import { findProject, GUEST_PROJECT, type Project } from "./project.ts";
import { UsageError } from "./usage-error.ts";

/** Where the program comes from. */
export type ProgramSource =
  | { readonly kind: "file"; readonly filePath: string }
  | { readonly kind: "eval"; readonly code: string; readonly print: boolean }
  | { readonly kind: "stdin" };

/** A command line as the SDK takes it. */
export interface Settings {
  readonly driver: NodeDriverOptions;
  readonly runtime: Pick<NodeRuntimeOptions, "compat" | "limits" | "nativeHelper">;
  readonly program: ProgramSource;
  readonly require: readonly string[];
  readonly args: readonly string[];
  readonly cwd: string;
  readonly report: string | undefined;
  readonly logLevel: string | undefined;
}

type Options = CommandLine["options"];

const last = (options: Options, name: OptionName): string | undefined => options[name]?.at(-1);
const listed = (options: Options, name: OptionName): string[] =>
  (options[name] ?? []).flatMap((value) => value.split(",")).filter((value) => value !== "");

/** `/data` allows itself and all below it; a pattern with `*` or `?` is taken as it is. Relative to the guest's folder. */
const pathRules = (values: readonly string[], cwd: string): string[] =>
  values.flatMap((value) => {
    if (value === "*") return ["/**"];
    const path = posix.resolve(cwd, value);
    return /[*?]/.test(path) || path === "/"
      ? [path === "/" ? "/**" : path]
      : [path, path === "/" ? "/**" : `${path}/**`];
  });

function permissions(options: Options, cwd: string): Permissions {
  if (options["allow-all"] !== undefined) return allowAll;
  return {
    fs: {
      read: [GUEST_PROJECT, `${GUEST_PROJECT}/**`, ...pathRules(listed(options, "allow-fs-read"), cwd)],
      write: pathRules(listed(options, "allow-fs-write"), cwd),
    },
    network: { connect: listed(options, "allow-net") },
    childProcess: { commands: listed(options, "allow-run") },
    env: listed(options, "allow-env"),
  };
}

/** `HOST:GUEST[:ro|rw]` */
function mountOf(value: string, hostCwd: string): MountOption {
  const [, host, guest, mode] = /^(.+?):(\/[^:]*)(?::(ro|rw))?$/.exec(value) ?? [];
  if (host === undefined || guest === undefined) {
    throw new UsageError(
      `--mount takes HOST:GUEST[:ro|rw] with an absolute GUEST, such as ./data:/data:ro; got ${JSON.stringify(value)}`,
    );
  }
  const path = guest === "/" ? guest : guest.replace(/\/+$/, "");
  return { guest: path, kind: "host", host: resolve(hostCwd, host), mode: mode === "rw" ? "rw" : "ro" };
}

function mounts(options: Options, project: Project, hostCwd: string): MountOption[] {
  const given = (options.mount ?? []).map((value) => mountOf(value, hostCwd));
  if (project.host === undefined || given.some(({ guest }) => guest === GUEST_PROJECT)) return given;
  return [{ guest: GUEST_PROJECT, kind: "host", host: project.host, mode: "ro" }, ...given];
}

function numberOf(options: Options, name: OptionName): number | undefined {
  const value = last(options, name);
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value)) throw new UsageError(`--${name} takes a whole number; got ${JSON.stringify(value)}`);
  return Number(value);
}

const limits = (options: Options): LimitOptions => ({
  memoryMiB: numberOf(options, "memory-mb"),
  cpuTimeMs: numberOf(options, "cpu-ms"),
  wallTimeMs: numberOf(options, "wall-ms"),
});

/** One of some words. @throws UsageError */
function wordOf<T extends string>(options: Options, name: OptionName, words: readonly T[]): T | undefined {
  const value = last(options, name);
  if (value === undefined) return undefined;
  const word = words.find((each) => each === value);
  if (word !== undefined) return word;
  const choice = `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
  throw new UsageError(`--${name} takes ${choice}; got ${JSON.stringify(value)}`);
}

/** Where the report is to be written. @throws UsageError when its folder is not there */
function reportFile(options: Options, hostCwd: string): string | undefined {
  const value = last(options, "report");
  if (value === undefined) return undefined;
  const file = resolve(hostCwd, value);
  const isFile = !statSync(file, { throwIfNoEntry: false })?.isDirectory();
  if (isFile && existsSync(dirname(file))) return file;
  throw new UsageError(`--report takes a file in a folder that exists; got ${JSON.stringify(value)}`);
}

function programOf({ options, file }: CommandLine, project: Project): ProgramSource {
  const print = last(options, "print");
  const code = print ?? last(options, "eval");
  if (code !== undefined) return { kind: "eval", code, print: print !== undefined };
  if (file === "-") return { kind: "stdin" };
  if (project.filePath !== undefined) return { kind: "file", filePath: project.filePath };
  throw new UsageError("no program: give a file, - for standard input, or -e CODE");
}

/**
 * What a command line asks for. Without options the project is readable at `/app` and everything else is denied.
 * @throws UsageError
 */
export function settingsOf(line: CommandLine, hostCwd: string, env: NodeJS.ProcessEnv): Settings {
  const { options, file } = line;
  const path = file === "-" ? undefined : file;
  if (path !== undefined && !existsSync(dirname(resolve(hostCwd, path)))) throw new UsageError(`there is no ${path}`);
  const project = findProject(path, hostCwd);
  const cwd = posix.resolve(project.cwd, last(options, "cwd") ?? ".");
  return {
    driver: {
      permissions: permissions(options, cwd),
      mounts: mounts(options, project, hostCwd),
      moduleAccess: false,
      env,
    },
    runtime: {
      compat: wordOf(options, "compat", ["baseline", "full"]) ?? "baseline",
      limits: limits(options),
      ...(options["no-native-helper"] === undefined ? {} : { nativeHelper: false }),
    },
    program: programOf(line, project),
    require: options.require ?? [],
    args: line.args,
    cwd,
    report: reportFile(options, hostCwd),
    logLevel: wordOf(options, "log-level", ["debug", "info", "warn", "error"]),
  };
}
