import type { BootConfig } from "@vivarium/bridge/contract";
import type { SpawnRequest, ThreadRequest } from "../../channel/messages.ts";
import { type Limits, limitTable } from "../../limits/index.ts";
import { variables } from "./child-boot.ts";

/** Index of the limit a program gives for most of a thread's heap (`ResourceLimits` of src/node_worker.h). */
const OLD_GENERATION = 1;

/** What a thread is told at its start: as its process, but for what it was started with. */
export function threadBoot(
  { commandLine: _, inherited: __, ...owner }: BootConfig,
  { env, cwd }: SpawnRequest,
  { execArgv, options, ...thread }: ThreadRequest,
): BootConfig {
  return {
    ...owner,
    // Its file, and what is given to it, come with its first message.
    argv: [owner.argv0 ?? owner.argv[0] ?? owner.execPath],
    execArgv,
    options,
    cwd,
    env: variables(env),
    thread,
  };
}

/** A thread's heap may be smaller than its process's, never larger. */
export function threadLimits(limits: Limits, thread: ThreadRequest | undefined): Limits {
  const asked = thread?.resourceLimits[OLD_GENERATION] ?? -1;
  if (asked <= 0) return limits;
  const memoryMiB = Math.min(limits.memoryMiB, Math.max(limitTable.memoryMiB.min, Math.ceil(asked)));
  return { ...limits, memoryMiB };
}
