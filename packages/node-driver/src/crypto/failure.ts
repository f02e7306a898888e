import { ENGINE_ERROR, type EngineError } from "@vivarium/bridge/contract";
import { SyscallFailure } from "@vivarium/core/errors";

/** Properties Node and OpenSSL put on crypto errors. Nothing else of a host error crosses, its stack least of all. */
const CARRIED = new Set(["library", "function", "reason", "code", "opensslErrorStack"]);

const isPlain = (value: unknown): boolean =>
  typeof value === "string" || (Array.isArray(value) && value.every((item) => typeof item === "string"));

/**
 * OpenSSL's account of an error begins with the thread it is of (ERR_print_errors_cb): on Linux the address of the thread's
 * memory, from which the place of the C library follows.
 */
const THREAD = /^[0-9A-F]+(?=:error:)/gm;

/** The text of an engine's error; of whatever thread the same, and of the same length. */
export const engineMessage = ({ message }: Error): string => message.replace(THREAD, (id) => "0".repeat(id.length));

/** An error of Node's crypto engine as the JSON of an `EngineError`. */
export function describeError(error: Error): string {
  const properties = Object.entries(error).filter(([key, value]) => CARRIED.has(key) && isPlain(value));
  const described: EngineError = [kindOf(error), engineMessage(error), ...properties.flat()];
  return JSON.stringify(described);
}

/** The same as a failure from which the guest makes the error. */
export const engineFailure = (error: Error): SyscallFailure =>
  new SyscallFailure(ENGINE_ERROR, { detail: describeError(error) });

function kindOf(error: Error): string {
  if (error instanceof RangeError) return "RangeError";
  return error instanceof TypeError ? "TypeError" : "Error";
}

/** Runs engine code; what it throws becomes a failure the guest can rebuild. */
export function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof SyscallFailure || !(error instanceof Error)) throw error;
    throw engineFailure(error);
  }
}

/** The failure of work over a cap; `detail` names the cap. */
export const overCap = (detail: string): SyscallFailure =>
  new SyscallFailure("ERR_SANDBOX_BUDGET_EXCEEDED", { sandboxCode: "ERR_SANDBOX_BUDGET_EXCEEDED", detail });
