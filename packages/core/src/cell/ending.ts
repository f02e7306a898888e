import type { Outcome } from "../channel/messages.ts";

/** How a run ended, as the cell saw it. */
export interface Ending {
  readonly outcome: Outcome;
  readonly code: number;
  readonly limit?: "cpu" | "wall" | "memory" | "budget";
  readonly signal?: number;
}

export const endings = {
  exit: (code: number): Ending => ({ outcome: "exit", code }),
  cpu: { outcome: "timeout", code: 124, limit: "cpu" },
  memory: { outcome: "memory", code: 137, limit: "memory" },
  signal: (signal: number): Ending => ({ outcome: "killed", code: 128 + signal, signal }),
} as const satisfies Record<string, Ending | ((value: number) => Ending)>;

/** Unwinds a handler whose guest is gone; the isolate is disposed, so nobody is left to see it. */
export class EndRun extends Error {}
