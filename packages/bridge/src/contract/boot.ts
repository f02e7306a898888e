/** What the cell tells a guest when it attaches: everything that differs from run to run. */
export interface BootConfig {
  readonly argv: readonly string[];
  /** The program's name as its starter gave it; `process.argv0`. Without it, as the host's configuration says. */
  readonly argv0?: string;
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
  /** Descriptors beyond the standard ones that the program was given by its parent. */
  readonly inherited?: readonly number[];
  /**
   * The command line after the program's name as it was given: the guest splits it into Node's options and the
   * program's own, as `node` does.
   */
  readonly commandLine?: readonly string[];
  /** Whose command line it is; `node`'s unless it says otherwise. A shell's is for the guest's own POSIX shell. */
  readonly program?: "node" | "sh";
  /** Present where the program is a thread of `worker_threads`. */
  readonly thread?: ThreadConfig;
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

/** What a thread is told of itself. */
export interface ThreadConfig {
  readonly id: number;
  readonly name: string;
  /** MiB: young generation, old generation, code; stack. -1 for none. */
  readonly resourceLimits: readonly number[];
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
