import type { NodeRuntimeOptions, Outcome, RunError, RunOptions, RunResult } from "@vivarium/core";
import { NodeRuntime } from "./runtime.ts";

/** Options of `sandbox`: those of a runtime and those of its one run. */
export type SandboxOptions = NodeRuntimeOptions & RunOptions;

/** A program that `sandbox` ran did not end well. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
  readonly code = "ERR_SANDBOX_RUN_FAILED";
  readonly outcome: Outcome;
  readonly exitCode: number;
  /** What the guest threw, or the limit that ended it, as data. */
  readonly error: RunError | undefined;

  constructor(result: RunResult) {
    const { outcome, code, error } = result;
    super(error === undefined ? `the program ended with code ${code}` : `${error.name}: ${error.message}`);
    this.outcome = outcome;
    this.exitCode = code;
    this.error = error;
  }
}

/** The options that `run` takes; the rest belong to the runtime. */
const RUN_OPTIONS: ReadonlySet<string> = new Set([
  "filePath",
  "env",
  "cwd",
  "argv",
  "stdin",
  "signal",
] satisfies (keyof RunOptions)[]);

/**
 * Runs one program in a sandbox of its own and returns its default export, or `module.exports` of a CommonJS program.
 *
 * `await sandbox("export default 1 + 1")` is 2. `T` is the caller's word for what comes back: check it.
 * @throws SandboxError when the program fails, is stopped at a limit, or ends with a code other than 0
 * @throws OptionsError, CellStartError
 */
export async function sandbox<T = unknown>(code: string, options: SandboxOptions = {}): Promise<T> {
  const isObject = typeof options === "object" && options !== null && !Array.isArray(options);
  const entries = isObject ? Object.entries(options) : [];
  const runOptions = Object.fromEntries(entries.filter(([key]) => RUN_OPTIONS.has(key)));
  const ofRuntime = Object.fromEntries(entries.filter(([key]) => !RUN_OPTIONS.has(key)));
  // What is no object of options is left to the check, which names it.
  const runtime = new NodeRuntime(isObject ? ofRuntime : options);
  const result = await runtime.run<object>(code, runOptions).finally(() => runtime.dispose());
  if (result.outcome !== "exit" || result.code !== 0) throw new SandboxError(result);
  const { exports } = result;
  const isModule = typeof exports === "object" && exports !== null && Object.hasOwn(exports, "default");
  return (isModule ? Reflect.get(exports, "default") : exports) as T;
}
