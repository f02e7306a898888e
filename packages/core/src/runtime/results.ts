import { decodeWire } from "@vivarium/bridge/wire";
import type { CellUsage, Outcome } from "../channel/messages.ts";

/** What a run used. */
export interface RunUsage extends CellUsage {
  /** From the call until the guest could start: waiting for a cell and preparing it, milliseconds. */
  readonly startMs: number;
}

/** Why a run failed. Data, never the guest's own object; paths and lines are the guest's. */
export interface RunError {
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
  readonly stack?: string | undefined;
  readonly cause?: RunError | undefined;
}

/** How a run ended. */
export interface ExecResult {
  /** Exit code as a shell would see it. */
  readonly code: number;
  readonly outcome: Outcome;
  /** The uncaught error or rejection, or what the sandbox ended the run for. */
  readonly error?: RunError | undefined;
  readonly usage: RunUsage;
}

export interface RunResult<T = unknown> extends ExecResult {
  /** `module.exports`, or a module's exports as a plain object, copied. Absent when the program failed. */
  readonly exports?: T | undefined;
}

const MAX_TEXT = 64 * 1024;
const MAX_CAUSES = 8;

const textAt = (value: object, key: string): string | undefined => {
  const text: unknown = Reflect.get(value, key);
  return typeof text === "string" ? text.slice(0, MAX_TEXT) : undefined;
};

function toRunError(value: unknown, depth = 0): RunError {
  if (typeof value !== "object" || value === null) return { name: "Error", message: String(value).slice(0, MAX_TEXT) };
  const code = textAt(value, "code");
  const stack = textAt(value, "stack");
  const cause: unknown = Reflect.get(value, "cause");
  return {
    name: textAt(value, "name") ?? "Error",
    message: textAt(value, "message") ?? "",
    ...(code === undefined ? {} : { code }),
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined || cause === null || depth >= MAX_CAUSES ? {} : { cause: toRunError(cause, depth + 1) }),
  };
}

/** Reads a run's error from the wire; nothing for an empty body. @throws when the bytes are no value. */
export const decodeError = (bytes: Uint8Array): RunError | undefined =>
  bytes.length === 0 ? undefined : toRunError(decodeWire(bytes));
