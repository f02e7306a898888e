import { decodeWire } from "@vivarium/bridge/wire";
import type { CellResult } from "../channel/messages.ts";
import type { CellRunEnd } from "./cell-run.ts";
import { type Ending, EXIT_CODES, limitEnding } from "./outcome.ts";
import { decodeError, type ExecResult, type RunError, type RunResult, type RunUsage } from "./results.ts";

const noUsage: RunUsage = {
  cpuMs: 0,
  wallMs: 0,
  heapMiB: 0,
  rssMiB: 0,
  syscalls: 0,
  stdioBytes: 0,
  startMs: 0,
};

const errorOf = ({ message, errorCode }: Ending): RunError => ({ name: "Error", message, code: errorCode });

/** The result of a run that the supervisor ended, or whose cell died. */
export const endingResult = (ending: Ending, usage: RunUsage = noUsage): ExecResult => ({
  code: ending.code,
  outcome: ending.outcome,
  error: errorOf(ending),
  usage,
});

/** What ended the run: the cell's word for a limit, else the guest's uncaught error. */
function resultError(result: CellResult, bytes: Uint8Array): RunError | undefined {
  const { limit, outcome } = result;
  if (limit === "cpu" || limit === "wall" || limit === "memory") return errorOf(limitEnding(limit));
  const error = decodeError(bytes);
  if (error !== undefined || outcome === "exit") return error;
  const message =
    outcome === "killed" ? `the program was ended by signal ${result.signal}` : "the cell could not finish the run";
  return {
    name: "Error",
    message,
    code: outcome === "killed" ? "ERR_SANDBOX_CELL_KILLED" : "ERR_SANDBOX_CELL_CRASHED",
  };
}

const brokenResult = (detail: string, usage: RunUsage): ExecResult => ({
  code: EXIT_CODES.crashed,
  outcome: "crashed",
  error: {
    name: "Error",
    message: `the cell broke the channel's protocol: ${detail}`,
    code: "ERR_SANDBOX_CELL_CRASHED",
  },
  usage,
});

/** What `exec` returns; `childrenCpuMs` is what the processes it started used. */
export function execResult(end: CellRunEnd, startMs: number, childrenCpuMs: number): ExecResult {
  const { outside } = end;
  if (end.kind === "death") {
    const cpuMs = outside.cpuMs + childrenCpuMs;
    return endingResult(end.ending, { ...noUsage, ...outside, cpuMs, startMs });
  }
  const { result } = end;
  const cpuMs = result.usage.cpuMs + childrenCpuMs;
  const usage = { ...result.usage, cpuMs, rssMiB: Math.max(result.usage.rssMiB, outside.rssMiB), startMs };
  try {
    const error = resultError(result, end.error);
    return { code: result.code, outcome: result.outcome, ...(error === undefined ? {} : { error }), usage };
  } catch {
    return brokenResult("a result's error does not decode", usage);
  }
}

/** Adds a run's exports to its result. */
export function runExports(result: ExecResult, end: CellRunEnd): RunResult {
  if (end.kind !== "result" || end.exports.length === 0 || result.outcome !== "exit") return result;
  try {
    return { ...result, exports: decodeWire(end.exports) };
  } catch {
    return brokenResult("a result's exports do not decode", result.usage);
  }
}
