import { ENGINE_ERROR, type EngineError } from "@vivarium/bridge/contract";
import { SyscallFailure } from "@vivarium/core/errors";

/** The bytes of a text, exactly sized as they come off the wire. */
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The failure a handler throws. */
export function failureOf(run: () => unknown): SyscallFailure {
  try {
    run();
  } catch (error) {
    if (error instanceof SyscallFailure) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** The engine's error inside a failure: kind, message and the rest. */
export function engineErrorOf(run: () => unknown): EngineError {
  const { code, detail } = failureOf(run);
  if (code !== ENGINE_ERROR) throw new Error(`not an error of the engine: ${code}`);
  return JSON.parse(detail ?? "") as EngineError;
}
