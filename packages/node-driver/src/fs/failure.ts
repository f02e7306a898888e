import { SyscallFailure } from "@vivarium/core/cell";

/**
 * Ends a syscall with an errno name. Missing files are everyday answers, so no stack is captured for them.
 * @throws SyscallFailure always
 */
export function fail(code: string, options?: { readonly sandboxCode?: string; readonly detail?: string }): never {
  const depth = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const failure = new SyscallFailure(code, options);
  Error.stackTraceLimit = depth;
  throw failure;
}

const codeOf = (error: unknown): string | undefined => {
  if (error === null || typeof error !== "object" || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
};

/** The errno name of a failed host call, EIO when it has none. Host messages carry host paths and go no further. */
export function errnoOf(error: unknown): string {
  const code = codeOf(error);
  return code !== undefined && /^E[A-Z0-9]+$/.test(code) && !code.startsWith("ERR_") ? code : "EIO";
}

/**
 * Runs a host file operation and keeps of its failure only the errno name.
 * @throws SyscallFailure
 */
export function guard<T>(operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    if (error instanceof SyscallFailure) throw error;
    return fail(errnoOf(error));
  }
}
