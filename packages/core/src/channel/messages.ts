import type { BootConfig } from "@vivarium/bridge/contract";
import type { Limits } from "../limits/index.ts";

/** How a run ended. Decided by the supervisor and the cell from what they saw, never from text the guest wrote. */
export type Outcome = "exit" | "timeout" | "memory" | "killed" | "aborted" | "crashed";

/** Supervisor to cell, on the command pipe. */
export type Command =
  | { readonly type: "prepare"; readonly driver: unknown; readonly permissions: unknown; readonly limits: CellLimits }
  | { readonly type: "run"; readonly run: RunRequest }
  /** Bytes for the guest's standard input; the payload rides in the frame's body. `end` closes it. */
  | { readonly type: "stdin"; readonly end: boolean }
  /** An answer to an async host call of the guest (a binding); value in the frame's body, wire format. */
  | { readonly type: "answer"; readonly token: number; readonly ok: boolean };

export type CellLimits = Limits;

export interface RunRequest {
  readonly id: number;
  /** Node's main script to run: a file, a code string as `-e` does, or a code string as if it stood in `filePath`. */
  readonly entry:
    | { readonly kind: "file" }
    | { readonly kind: "eval"; readonly code: string; readonly print: boolean }
    | { readonly kind: "source"; readonly code: string; readonly filePath: string };
  /** Whether the value of `module.exports` / the module's exports is wanted back. */
  readonly wantsExports: boolean;
  /** Whether the decision log is wanted: without a reader, reporting each decision is waste. */
  readonly decisions: boolean;
  /** Leave the native helper out even where it was built. */
  readonly withoutHelper?: boolean;
  readonly boot: BootConfig;
  readonly limits: CellLimits;
}

/** Cell to supervisor, on the report pipe, written synchronously: order is emission order, a slow reader blocks. */
export type Report =
  /** The cell can take a run: after its boot, and again after each result. */
  | { readonly type: "ready"; readonly bootMs: number }
  /** 1 or 2; the bytes are the frame's body. */
  | { readonly type: "stdio"; readonly channel: 1 | 2 }
  /** A question the cell blocks on; the answer comes on the answer pipe. */
  | { readonly type: "ask"; readonly question: Question }
  /** An async call of an embedder function; arguments in the body, wire format. */
  | { readonly type: "call"; readonly token: number; readonly name: string }
  | { readonly type: "decision"; readonly decision: unknown }
  /** The guest waits for standard input. Each one is answered by exactly one `stdin` command. */
  | { readonly type: "wantStdin" }
  | { readonly type: "result"; readonly result: CellResult };

/**
 * What the cell asks and waits for: a permission function, a blocking embedder function (arguments in the body), or
 * standard input (answered `ok` with at least a byte, or with none at its end).
 */
export type Question =
  | { readonly kind: "stdin"; readonly bytes: number }
  | { readonly kind: "permission"; readonly domain: string; readonly request: unknown }
  | { readonly kind: "binding"; readonly name: string };

/** Answer pipe: one frame per question. For a binding the value (or error) is in the body, wire format. */
export type Answer = { readonly allow: boolean; readonly reason?: string } | { readonly ok: boolean };

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
