import { bindingError } from "../lib/binding-error.ts";

/** `THROW_ERR_SCRIPT_EXECUTION_TIMEOUT` (src/node_errors.h). */
export const timedOut = (timeout: number): Error =>
  bindingError("Error", "ERR_SCRIPT_EXECUTION_TIMEOUT", `Script execution timed out after ${timeout}ms`);
