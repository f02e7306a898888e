import type { Binding, Realm } from "../realm.ts";
import { effectiveLimits } from "./resource-limits.ts";
import { threadsOf } from "./threads.ts";

/** What Node runs in a thread where the main thread's scripts ran; each undoes what its counterpart did. */
const SWITCHES = [
  "internal/bootstrap/switches/is_not_main_thread",
  "internal/bootstrap/switches/does_not_own_process_state",
] as const;

/**
 * Makes a guest, which is booted as a main thread, a thread of `worker_threads`, before anything of the library looked
 * at which of them it is.
 */
export function becomeThread(realm: Realm, run: (id: string) => void): void {
  const { thread } = realm.config;
  if (!thread) return;
  const binding: Binding = realm.internalBinding("worker");
  binding["isMainThread"] = false;
  binding["ownsProcessState"] = false;
  binding["threadId"] = thread.id;
  binding["threadName"] = thread.name;
  binding["resourceLimits"] = effectiveLimits(realm, thread.resourceLimits);
  for (let i = 0; i < SWITCHES.length; i++) run(SWITCHES[i] as string);
  threadsOf(realm).open();
}
