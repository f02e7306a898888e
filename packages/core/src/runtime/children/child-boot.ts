import type { BootConfig } from "@vivarium/bridge/contract";
import type { SpawnRequest } from "../../channel/messages.ts";
import type { DescriptorTable } from "./descriptor.ts";

const FIRST_EXTRA = 3;

/** An environment from its `NAME=value` entries. */
export const variables = (pairs: readonly string[]): Record<string, string> => {
  const env: [string, string][] = [];
  for (const pair of pairs) {
    const at = pair.indexOf("=", 1);
    if (at > 0) env.push([pair.slice(0, at), pair.slice(at + 1)]);
  }
  // The first of two entries of one name counts, as getenv(3) finds it.
  return Object.fromEntries(env.reverse());
};

/** What a child process is told at its start: as its tree's root, but for what its parent gave it. */
export function childBoot(
  root: BootConfig,
  { program, args, env, cwd, stdio }: SpawnRequest,
  { pid, ppid }: { readonly pid: number; readonly ppid: number },
  table: DescriptorTable,
): BootConfig {
  const kind = (fd: number): "FILE" | "PIPE" => table.get(fd)?.kind ?? "FILE";
  const [argv0 = "node", ...commandLine] = args;
  return {
    ...root,
    argv: [root.execPath],
    argv0,
    execArgv: [],
    options: {},
    commandLine,
    program,
    cwd,
    env: variables(env),
    pid,
    ppid,
    startTime: Date.now(),
    // Output is written synchronously, as Node writes to pipes on Linux.
    stdio: { stdin: kind(0), stdout: "FILE", stderr: "FILE" },
    inherited: stdio.flatMap((spec, fd) => (fd >= FIRST_EXTRA && spec !== "ignore" ? [fd] : [])),
  };
}
