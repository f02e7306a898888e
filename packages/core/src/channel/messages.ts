import type { BootConfig, ThreadConfig } from "@vivarium/bridge/contract";
import type { Limits } from "../limits/index.ts";

/** How a run ended. Decided by the supervisor and the cell from what they saw, never from text the guest wrote. */
export type Outcome = "exit" | "timeout" | "memory" | "killed" | "aborted" | "crashed";

/** Supervisor to cell, on the command pipe. */
export type Command =
  | {
      readonly type: "prepare";
      readonly driver: unknown;
      readonly permissions: unknown;
      readonly limits: CellLimits;
      /** The files are those of another run of the tree: every syscall about them goes there, through the supervisor. */
      readonly remoteFiles?: boolean;
      /** The embedder answers look-ups: each goes there as a `lookup` report. */
      readonly asksLookups?: boolean;
    }
  | { readonly type: "run"; readonly run: RunRequest }
  /** Bytes for a descriptor the guest reads (0 when not named); they ride in the frame's body. `end` closes it. */
  | { readonly type: "stdin"; readonly end: boolean; readonly fd?: number }
  /** An answer to an async host call of the guest (a binding); value in the frame's body, wire format. */
  | { readonly type: "answer"; readonly token: number; readonly ok: boolean }
  | ChildCommand
  | Serve;

/** What a cell hears of its guest's child processes. */
export type ChildCommand =
  /** The answer to one `pipe` report `read`: bytes in the body, none at the end. */
  | { readonly type: "piped"; readonly pipe: number }
  /** The answer to one `write` or `shutdown`, in order. */
  | { readonly type: "written"; readonly pipe: number; readonly ok: boolean }
  | { readonly type: "childExit"; readonly child: number; readonly code: number; readonly signal: number }
  /** A signal the guest said it handles. */
  | { readonly type: "signal"; readonly signal: number }
  /**
   * Somebody wants to reach a server of the guest's: `pipe` is the cell's end of the connection. Answered by `dialed`.
   */
  | { readonly type: "dial"; readonly pipe: number; readonly port: number; readonly peer: Peer }
  /** The process is gone: its descriptors are to be closed. */
  | { readonly type: "unserve"; readonly child: number };

/** Who connects: another process of the tree, or the embedder as if it were one. */
export interface Peer {
  readonly protocol: "tcp" | "pipe";
  /** What it connects to. */
  readonly address: string;
  readonly from: { readonly address: string; readonly port: number };
}

/** A socket that listens, or would. */
export interface ListeningPlace {
  readonly protocol: "tcp" | "pipe";
  readonly address: string;
  readonly port: number;
  readonly ipv6Only: boolean;
}

/**
 * A syscall about files, of a child process that shares this cell's; arguments in the body, wire format. It comes on
 * the command pipe, or on the answer pipe while the cell blocks; one that came on both is served once. Ids grow.
 */
export interface Serve {
  readonly type: "serve";
  readonly id: number;
  readonly child: number;
  readonly number: number;
}

export type CellLimits = Limits;

export interface RunRequest {
  readonly id: number;
  /** Node's main script to run: a file, a code string as `-e` does, or a code string as if it stood in `filePath`. */
  readonly entry:
    | { readonly kind: "file" }
    | { readonly kind: "eval"; readonly code: string; readonly print: boolean }
    | { readonly kind: "source"; readonly code: string; readonly filePath: string }
    /** A process as a command line starts it: `boot.commandLine` says the rest. */
    | { readonly kind: "command" | "shell" }
    /** A thread of `worker_threads`: `boot.thread` says the rest. */
    | { readonly kind: "worker" };
  /** Whether the value of `module.exports` / the module's exports is wanted back. */
  readonly wantsExports: boolean;
  /** Whether the decision log is wanted: without a reader, reporting each decision is waste. */
  readonly decisions: boolean;
  /** Leave the native helper out even where it was built. */
  readonly withoutHelper?: boolean;
  /** V8's flags for this run, by name; on the supervisor's list of allowed ones. The cell is of no use for another run. */
  readonly engineFlags?: readonly string[];
  readonly boot: BootConfig;
  readonly limits: CellLimits;
}

/** Cell to supervisor, on the report pipe, written synchronously: order is emission order, a slow reader blocks. */
export type Report =
  /** The cell can take a run: after its boot, and again after each result. */
  | { readonly type: "ready"; readonly bootMs: number }
  /** A descriptor the guest writes to; the bytes are the frame's body. */
  | { readonly type: "stdio"; readonly channel: number }
  /** A question the cell blocks on; the answer comes on the answer pipe. */
  | { readonly type: "ask"; readonly id: number; readonly question: Question }
  /** An async call of an embedder function; arguments in the body, wire format. */
  | { readonly type: "call"; readonly token: number; readonly name: string }
  | { readonly type: "decision"; readonly decision: unknown }
  /** The guest waits for input (of descriptor 0 when not named). Each one is answered by exactly one `stdin` command. */
  | { readonly type: "wantStdin"; readonly fd?: number }
  /** The guest closed a descriptor it inherited. */
  | { readonly type: "closeFd"; readonly fd: number }
  /** One step on the guest's end of a pipe to a child process; bytes of a `write` in the body. */
  | { readonly type: "pipe"; readonly pipe: number; readonly op: PipeOp }
  /** A `dial` was answered: the guest's server has the connection. */
  | { readonly type: "dialed"; readonly pipe: number; readonly ok: boolean }
  /** A socket of the guest's listens, by the cell's number of it; it does no more. */
  | ({ readonly type: "listens"; readonly socket: number } & ListeningPlace)
  | { readonly type: "unlistens"; readonly socket: number }
  /** The guest connects to a server of another process. Answered by an `answer`: the pipe's number, or an error code. */
  | ({ readonly type: "reach"; readonly token: number; readonly port: number } & Peer)
  /** All signals the guest handles itself. */
  | { readonly type: "handles"; readonly signals: readonly number[] }
  /** The answer to a `serve`: the syscall's result in the body, wire format. */
  | { readonly type: "served"; readonly id: number }
  /** Which addresses a name has, for an embedder that answers that itself. Answered by an `answer`: a list, or a code. */
  | { readonly type: "lookup"; readonly token: number; readonly hostname: string; readonly family: 0 | 4 | 6 }
  /** As `ask` of kind "file", but nothing waits for it: answered by an `answer` command. */
  | { readonly type: "fileCall"; readonly token: number; readonly number: number }
  | { readonly type: "result"; readonly result: CellResult };

/**
 * What the cell asks and waits for: a permission function, a blocking embedder function (arguments in the body), or
 * standard input (answered `ok` with at least a byte, or with none at its end).
 */
export type Question =
  | { readonly kind: "stdin"; readonly bytes: number; readonly fd?: number }
  | { readonly kind: "spawn"; readonly request: SpawnRequest }
  /** Inputs in the body, one behind the other. */
  | { readonly kind: "spawnSync"; readonly request: SpawnRequest; readonly wait: SyncWait }
  | { readonly kind: "kill"; readonly pid: number; readonly signal: number }
  /** Whether another process of the tree serves this address (`connect`), or listens where this would be bound. */
  | ({ readonly kind: "listener"; readonly use: "bind" | "connect" } & ListeningPlace)
  /** A number for a new thread of the process. */
  | { readonly kind: "threadId" }
  /** A syscall about files that another cell of the tree holds; arguments in the body, wire format. */
  | { readonly kind: "file"; readonly number: number }
  | { readonly kind: "permission"; readonly domain: string; readonly request: unknown }
  | { readonly kind: "binding"; readonly name: string };

/** Answer pipe: one frame per question. For a binding the value (or error) is in the body, wire format. */
export type Answer =
  | { readonly allow: boolean; readonly reason?: string }
  | { readonly ok: boolean; readonly error?: string }
  | { readonly ok: true; readonly threadId: number }
  | Spawned
  | SpawnedSync;

export type PipeOp = "read" | "write" | "shutdown" | "close";

/** What a child process gets as one of its descriptors. A number is a descriptor of its parent. */
export type ChildStdio = "ignore" | "pipe" | "ipc" | number;

/** A program to start, already allowed. */
export interface SpawnRequest {
  readonly program: "node" | "sh";
  /** With argv[0]. */
  readonly args: readonly string[];
  /** `NAME=value` */
  readonly env: readonly string[];
  readonly cwd: string;
  readonly stdio: readonly ChildStdio[];
  /** A thread of the parent's process, and no process of its own. */
  readonly thread?: ThreadRequest;
}

/** What a thread is started with beside what a process is. */
export interface ThreadRequest extends ThreadConfig {
  readonly execArgv: readonly string[];
  readonly options: BootConfig["options"];
}

/** How long, and for how much, a blocking spawn waits. */
export interface SyncWait {
  /** Milliseconds; 0: as long as it takes. */
  readonly timeoutMs: number;
  /** Of one stream, bytes; -1: any. */
  readonly maxBuffer: number;
  readonly killSignal: number;
  /** Input per descriptor, bytes; -1: none. */
  readonly inputs: readonly number[];
}

/** A started child: its number, its process id and its pipes by descriptor (-1: none). */
export interface Spawned {
  readonly ok: true;
  readonly child: number;
  readonly pid: number;
  readonly pipes: readonly number[];
}

/** A child that has ended; outputs in the body, one behind the other. */
export interface SpawnedSync {
  readonly ok: true;
  readonly pid: number;
  readonly code: number;
  readonly signal: number;
  /** "", or ETIMEDOUT, ENOBUFS */
  readonly error: string;
  /** Length per descriptor; -1: no pipe. */
  readonly outputs: readonly number[];
}

export interface CellUsage {
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Peak of the V8 heap and of the process. */
  readonly heapMiB: number;
  readonly rssMiB: number;
  readonly syscalls: number;
  readonly stdioBytes: number;
}

export interface CellResult {
  readonly id: number;
  readonly code: number;
  readonly outcome: Outcome;
  /** Which limit ended the run. */
  readonly limit?: "cpu" | "wall" | "memory" | "budget";
  readonly signal?: number;
  readonly usage: CellUsage;
  /** Lengths of the two parts of the frame's body: exports and error, wire format. */
  readonly body: readonly [exports: number, error: number];
}
