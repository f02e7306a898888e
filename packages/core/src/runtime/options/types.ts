import type { LimitOptions } from "../../limits/limits.ts";
import type { Decision } from "../../permissions/requests.ts";
import type { Permissions } from "../../permissions/rules.ts";
import type { Profile } from "../../tiers/registry.ts";

/** One piece of output, in emission order, exactly as the guest wrote it. */
export interface StdioEvent {
  readonly channel: "stdout" | "stderr";
  readonly data: Uint8Array;
}

/** Receives output. A returned promise holds the guest's next write back until it settles. */
export type OnStdio = (event: StdioEvent) => void | PromiseLike<void>;

/** Standard input: a text, bytes, or pieces as they come. */
export type StdinOption = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** A function the guest may call. Arguments and result are copied under `limits.payloadBytes`. */
export type BindingFunction = (...args: never[]) => unknown;
export interface BindingTree {
  readonly [name: string]: BindingFunction | BindingTree;
}

/** The part of a pino logger that is used. */
export interface RuntimeLogger {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface PoolOptions {
  /** Booted cells kept ready. 0: every run boots its own. */
  readonly size?: number | undefined;
}

/** Options of `new NodeRuntime(...)`. */
export interface NodeRuntimeOptions {
  /** What `createNodeDriver` returned. Without one: memory files, everything denied. */
  readonly driver?: object | undefined;
  readonly compat?: Profile | undefined;
  readonly limits?: LimitOptions | undefined;
  /** Host functions, a frozen global tree in the guest. */
  readonly bindings?: BindingTree | undefined;
  readonly onStdio?: OnStdio | undefined;
  /** Sees every permission decision with its rule and, for a denial, its cure. */
  readonly onDecision?: ((decision: Decision) => void) | undefined;
  /** The host's own structured log; silent without one. */
  readonly logger?: RuntimeLogger | undefined;
  readonly pool?: PoolOptions | undefined;
  /** Sandboxes of one tenant may follow each other in one cell. */
  readonly tenant?: string | undefined;
  /** `false`: run as where no C++ compiler was there to build the native helper. Programs work, less exactly. */
  readonly nativeHelper?: boolean | undefined;
}

/** Options of `exec`: one program, as `node file` runs it. */
export interface ExecOptions {
  /** Guest path the code stands at: decides CommonJS, ES module or TypeScript, and what it resolves. */
  readonly filePath?: string | undefined;
  /** Passed through `permissions.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Guest directory. */
  readonly cwd?: string | undefined;
  /** `process.argv` from its third entry on. */
  readonly argv?: readonly string[] | undefined;
  readonly stdin?: StdinOption | undefined;
  /** Ends the run when aborted. */
  readonly signal?: AbortSignal | undefined;
  readonly limits?: LimitOptions | undefined;
  readonly onStdio?: OnStdio | undefined;
}

/** Options of `run`: as `exec`, and the module's exports come back. */
export type RunOptions = ExecOptions;

/** A memory file system. */
export interface MemoryOptions {
  readonly quotaBytes?: number | undefined;
  readonly quotaFiles?: number | undefined;
  /** Files there at the start, by path below the mount. */
  readonly files?: Readonly<Record<string, string | Uint8Array>> | undefined;
}

/** One mount; `guest` is an absolute guest path, `host` a directory of the host. */
export type MountOption =
  | ({ readonly guest: string; readonly kind: "memory" } & MemoryOptions)
  | {
      readonly guest: string;
      readonly kind: "host";
      readonly host: string;
      /** `ro` unless said otherwise. */
      readonly mode?: "ro" | "rw" | undefined;
    }
  | { readonly guest: string; readonly kind: "overlay"; readonly host: string };

export interface ModuleAccessOptions {
  /** Project folder whose `node_modules` appears at /app/node_modules. Default: the host's working directory. */
  readonly cwd?: string | undefined;
}

/** The output directory /artifacts. */
export interface ArtifactsOptions {
  readonly quotaBytes?: number | undefined;
  readonly quotaFiles?: number | undefined;
}

export interface CommandRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout?: string | Uint8Array | undefined;
  readonly stderr?: string | Uint8Array | undefined;
}

/** Runs a command for the guest. */
export type CommandExecutor = (request: CommandRequest) => CommandResult | PromiseLike<CommandResult>;

/**
 * Answers a look-up in the host's place: the addresses of a name, in the order they are to be tried, or none.
 * @param hostname lower case, in ASCII, allowed already
 * @param family 4, 6, or 0 for both
 * @throws anything; a `code` such as ENOTFOUND or EAI_AGAIN is what the guest is told
 */
export type NetworkLookup = (
  hostname: string,
  options: { readonly family: 0 | 4 | 6 },
) => readonly string[] | PromiseLike<readonly string[]>;

/** The way out of the sandbox. */
export interface NetworkOptions {
  /** Every address of a name comes from it. What it answers is decided by `permissions.network` like any other address. */
  readonly lookup?: NetworkLookup | undefined;
}

/** What `process` shows. */
export interface ProcessInfo {
  readonly argv0: string;
  readonly pid: number;
  readonly ppid: number;
  readonly title: string;
  readonly uid: number;
  readonly gid: number;
  readonly umask: number;
}
export type ProcessInfoOptions = { readonly [K in keyof ProcessInfo]?: ProcessInfo[K] | undefined };

/** What `os` shows. */
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
  /** Bytes. */
  readonly totalMemory: number;
}
export type OsInfoOptions = { readonly [K in keyof OsInfo]?: OsInfo[K] | undefined };

/** Options of `createNodeDriver(...)`. */
export interface NodeDriverOptions {
  /** Missing domains are denied. */
  readonly permissions?: Permissions | undefined;
  /** The memory file system at `/`. */
  readonly fs?: MemoryOptions | undefined;
  readonly mounts?: readonly MountOption[] | undefined;
  /** `false`: no node_modules overlay. */
  readonly moduleAccess?: false | ModuleAccessOptions | undefined;
  /** `false`: no network adapter, operations fail with ENOSYS. An object: the host's, changed. */
  readonly network?: boolean | NetworkOptions | undefined;
  /** Base environment, passed through `permissions.env`; `exec`'s `env` wins over it. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Host path of the Node 22 binary its cells run on. Default: the embedder's own. */
  readonly nodePath?: string | undefined;
  /** Without one, child processes fail with ENOSYS. */
  readonly commands?: CommandExecutor | undefined;
  readonly processInfo?: ProcessInfoOptions | undefined;
  readonly osInfo?: OsInfoOptions | undefined;
  /** `true` or quotas: an output directory at /artifacts. */
  readonly artifacts?: boolean | ArtifactsOptions | undefined;
}
