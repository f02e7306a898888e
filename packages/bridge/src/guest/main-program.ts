import type { GuestRealm } from "./guest-realm.ts";
import { mainScript, refuse } from "./main-script.ts";
import { setEntrySource } from "./modules/loader-fs.ts";
import { runShell } from "./shell/main.ts";

/** How the main program is given. */
export interface StartRequest {
  /** `command`, `shell`: as `BootConfig.commandLine` says. */
  readonly kind: "file" | "eval" | "source" | "command" | "shell" | "worker";
  readonly code?: string;
  readonly filePath?: string;
  readonly wantsExports: boolean;
}

/** The main program, ready to run. */
export function mainProgram(realm: GuestRealm, request: StartRequest): () => void {
  if (request.kind === "source") setEntrySource(request.filePath as string, request.code as string);
  if (request.kind === "shell") return () => runShell(realm);
  if (request.kind === "worker") return realm.mainScript("internal/main/worker_thread");
  if (request.kind === "command") {
    const chosen = mainScript(realm, realm.commandLine?.refusal);
    return "refusal" in chosen ? () => refuse(realm, chosen.refusal) : realm.mainScript(chosen.id);
  }
  return realm.mainScript(request.kind === "eval" ? "internal/main/eval_string" : "internal/main/run_main_module");
}
