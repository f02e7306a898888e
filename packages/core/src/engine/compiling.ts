import { SyscallFailure } from "../errors/failure.ts";

/** `message [file:line:column]`: how isolated-vm reports the place of a syntax error. */
const PLACED = /^(.*) \[.*:(\d+):(\d+)\]$/s;

/** Runs a compilation and turns what V8 says of the source into data. Other errors are ours. */
export function compiling<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const placed = error instanceof SyntaxError ? PLACED.exec(error.message) : null;
    if (!placed) {
      if (error instanceof SyntaxError)
        throw new SyscallFailure("SyntaxError", { detail: `${error.message}\u00001:1` });
      throw error;
    }
    throw new SyscallFailure("SyntaxError", { detail: `${placed[1]}\0${placed[2]}:${placed[3]}` });
  }
}
