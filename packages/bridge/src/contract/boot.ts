/** What the cell tells a guest when it attaches: everything that differs from run to run. */
export interface BootConfig {
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
  readonly execPath: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
  readonly ppid: number;
  readonly title: string;
  readonly umask: number;
  readonly uid: number;
  readonly gid: number;
  /** 1970-based start of the run, milliseconds. */
  readonly startTime: number;
  /** Command line options that differ from Node's defaults, `--name` -> value. */
  readonly options: Readonly<Record<string, boolean | number | string | readonly string[]>>;
  readonly stdio: { readonly stdin: StdioKind; readonly stdout: StdioKind; readonly stderr: StdioKind };
  readonly os: OsInfo;
  readonly tiers: TierConfig;
  /** Dotted names of the embedder's functions, `tools.search`. */
  readonly bindings: readonly string[];
  /** Most bytes of one value that crosses through `bindings` or `exports`. */
  readonly payloadBytes: number;
  /** Most WebAssembly memory a program may have, 64 KiB pages. */
  readonly wasmPages: number;
}

export type StdioKind = "FILE" | "PIPE" | "TTY";

export interface OsInfo {
  readonly hostname: string;
  readonly sysname: string;
  readonly release: string;
  readonly version: string;
  readonly machine: string;
  readonly homedir: string;
  readonly tmpdir: string;
  readonly username: string;
  readonly shell: string;
  readonly cpus: number;
  readonly cpuModel: string;
  readonly totalMemory: number;
}

/** The compatibility policy as data: what a public module may do under the chosen profile. */
export interface TierConfig {
  readonly profile: "baseline" | "full";
  /** Modules that cannot be required, by bare name -> the error code. */
  readonly unsupported: Readonly<Record<string, string>>;
  /** `module.api` names that throw when called, by module -> api -> error code. */
  readonly deferred: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
