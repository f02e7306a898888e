import { reportExports } from "./exports.ts";
import type { FatalErrors } from "./fatal.ts";
import { isUnsettled, reportUnsettled } from "./modules/unsettled.ts";
import type { Realm } from "./realm.ts";

/** Exit code of a program whose top-level await never settles (doc/api/process.md, Exit codes). */
const UNSETTLED_TOP_LEVEL_AWAIT = 13;

interface GuestProcess {
  _exiting: boolean;
  exitCode: unknown;
  emit(name: string, code: unknown): unknown;
}

/** The loop is empty: the program's listeners may give it more (`EmitProcessBeforeExit`, src/api/hooks.cc). */
export function emitBeforeExit(realm: Realm): void {
  const process = realm.process as GuestProcess;
  // No iteration may come that would do it.
  realm.loop.runNativeImmediates();
  process.emit("beforeExit", process.exitCode ?? 0);
}

/**
 * Ends the program in order: its exports, its `exit` listeners, its exit code.
 * @param exportsOf the module whose exports the embedder wants
 */
export function endProgram(realm: Realm, fatal: FatalErrors, exportsOf: string | undefined): never {
  const process = realm.process as GuestProcess;
  if (!process._exiting) {
    realm.loop.metrics.onEnd();
    const unsettled = isUnsettled(realm);
    if (unsettled) reportUnsettled(realm);
    else if (exportsOf !== undefined) report(realm, fatal, exportsOf);
    process._exiting = true;
    if (unsettled) process.exitCode ??= UNSETTLED_TOP_LEVEL_AWAIT;
    process.emit("exit", process.exitCode ?? 0);
  }
  return fatal.exit((process.exitCode as number | undefined) ?? 0);
}

/** What cannot cross fails the run; no handler of the program's can answer for it. */
function report(realm: Realm, fatal: FatalErrors, exportsOf: string): void {
  try {
    reportExports(realm, exportsOf);
  } catch (error) {
    fatal.fail(error);
  }
}
