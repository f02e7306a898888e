import type { Outcome } from "../channel/messages.ts";

/** Exit codes of runs that did not end by themselves. A time limit has timeout(1)'s code, memory that of SIGKILL. */
export const EXIT_CODES = { timeout: 124, memory: 137, aborted: 130, crashed: 70 } as const;

/** Which limit of the watchdog a run went over. */
export type WatchedLimit = "cpu" | "wall" | "memory";

/** Why a run ended when the cell could not say so itself. */
export type EndCause =
  | { readonly kind: "limit"; readonly limit: WatchedLimit }
  | { readonly kind: "aborted" }
  /** A process of the same tree sent a signal that ends it. */
  | { readonly kind: "signal"; readonly signal: number }
  | { readonly kind: "protocol"; readonly detail: string };

/** What is known about a cell that died. */
export interface Death {
  readonly exitCode: number | null;
  /** Signal number, when it died by one. */
  readonly signal: number | null;
  /** What the cell's own V8 wrote to the cell's standard error: the guest cannot write there. */
  readonly stderr: string;
  /** The watchdog's last look at the cell's memory, as a share of its budget. */
  readonly memoryShare: number;
}

export interface Ending {
  readonly outcome: Outcome;
  readonly code: number;
  readonly message: string;
  readonly errorCode: string;
  readonly limit?: WatchedLimit;
  readonly signal?: number;
}

/**
 * Last words for want of memory: V8's own (`FATAL ERROR: ... heap out of memory`, `Fatal process out of memory`), and
 * those of isolated-vm's handler for its isolates (`is_heap_oom = 1`; with 0 it was not the heap but still memory).
 */
const OUT_OF_MEMORY = /^(?:FATAL ERROR|#? ?Fatal)[^\n]*(?:out of memory|Allocation failed)|^is_heap_oom = [01]$/im;

/** Signals a process sends itself when it breaks: ILL, TRAP, ABRT, BUS, FPE, SEGV. */
const CRASH_SIGNALS: ReadonlySet<number> = new Set([4, 5, 6, 7, 8, 10, 11]);
const SIGKILL = 9;
/** From this share of the budget on, an unexplained death counts as one for want of memory. */
const NEAR_LIMIT = 0.8;

const LIMIT_TEXT = {
  cpu: "CPU time limit exceeded",
  wall: "wall time limit exceeded",
  memory: "memory limit exceeded",
} as const;

/** The ending of a run that went over a limit. */
export function limitEnding(limit: WatchedLimit): Ending {
  const outcome = limit === "memory" ? "memory" : "timeout";
  const errorCode = limit === "memory" ? "ERR_SANDBOX_MEMORY_LIMIT" : "ERR_SANDBOX_TIMEOUT";
  return { outcome, code: EXIT_CODES[outcome], message: LIMIT_TEXT[limit], errorCode, limit };
}

export const abortedEnding: Ending = {
  outcome: "aborted",
  code: EXIT_CODES.aborted,
  message: "the run was aborted",
  errorCode: "ERR_SANDBOX_ABORTED",
};

const crashed = (message: string): Ending => ({
  outcome: "crashed",
  code: EXIT_CODES.crashed,
  message,
  errorCode: "ERR_SANDBOX_CELL_CRASHED",
});

const killedBy = (signal: number, what: string): Ending => ({
  outcome: "killed",
  code: 128 + signal,
  message: `${what} was killed by signal ${signal}`,
  errorCode: "ERR_SANDBOX_CELL_KILLED",
  signal,
});

/** How a run ended whose cell died, or was killed by the supervisor for `cause`, before its result arrived. */
export function endingOf(death: Death, cause: EndCause | undefined): Ending {
  if (cause?.kind === "limit") return limitEnding(cause.limit);
  if (cause?.kind === "aborted") return abortedEnding;
  if (cause?.kind === "protocol") return crashed(`the cell broke the channel's protocol: ${cause.detail}`);
  if (cause?.kind === "signal") return killedBy(cause.signal, "the program");
  const broke = death.signal === null || CRASH_SIGNALS.has(death.signal) || death.signal === SIGKILL;
  if (OUT_OF_MEMORY.test(death.stderr) || (broke && death.memoryShare >= NEAR_LIMIT)) return limitEnding("memory");
  if (death.signal === null) return crashed(`the cell ended with code ${death.exitCode} before its result`);
  if (CRASH_SIGNALS.has(death.signal)) return crashed(`the cell died by signal ${death.signal}`);
  return killedBy(death.signal, "the cell");
}
