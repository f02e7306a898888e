import { constants } from "node:os";
import type { CellRunEnd } from "../cell-run.ts";

const { SIGABRT, SIGKILL, SIGSEGV } = constants.signals;

/** How a child process ended, as its parent sees it. */
export interface ChildEnding {
  readonly code: number;
  /** 0: it exited. */
  readonly signal: number;
}

/** What a process shows that a limit, or the end of its tree, ended: Node aborts when its heap is full. */
const SIGNALS = { memory: SIGABRT, timeout: SIGKILL, aborted: SIGKILL, crashed: SIGSEGV } as const;

/** The end of a cell's run as wait(2) would tell it. */
export function childEnding(end: CellRunEnd): ChildEnding {
  const { outcome, code, signal } = end.kind === "result" ? end.result : end.ending;
  if (outcome === "exit") return { code, signal: 0 };
  return { code: 0, signal: outcome === "killed" ? (signal ?? SIGKILL) : SIGNALS[outcome] };
}
