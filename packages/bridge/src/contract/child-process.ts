import { bool, int, list, none, numbers, path, str } from "./codec.ts";
import { async, type CommandNeed, sync } from "./declare.ts";
import { installedProgram } from "./programs.ts";

const commandNeeds = (file: string, args: readonly unknown[]): readonly CommandNeed[] => [
  { domain: "childProcess", command: installedProgram(file) ?? file, args: args.map(String) },
];

/**
 * Programs the guest starts. A list of standard streams has one entry per descriptor: `"ignore"`, `"pipe"`, `"ipc"`, or
 * the number of a descriptor of the guest's own to hand on (0 to 2, or an inherited one).
 */
export const childProcess = {
  /**
   * command, arguments (with argv[0]), environment (`K=V`), working directory, standard streams, detached
   * -> child, pid, then a stream per descriptor (-1: none). ENOENT, EAGAIN past `limits.processes`.
   */
  spawn: sync([str, list, list, path, list, bool], numbers, {
    needs: (file, args) => commandNeeds(file, args.slice(1)),
    cost: 64,
  }),
  /** child -> exit code, signal (0: none). Answers when it has ended. */
  wait: async([int], numbers),
  /** pid, signal. ESRCH where no such process of this run is alive; signal 0 only asks. */
  kill: sync([int, int], none),
  /**
   * As `spawn`, but waits: the last list is timeout (milliseconds, 0: none), most bytes of output (-1: any), signal that
   * ends it then, and the input per descriptor (bytes, or null)
   * -> pid, exit code, signal, "" or the error's code (ETIMEDOUT, ENOBUFS), then the output per descriptor (bytes, or null)
   */
  spawnSync: sync([str, list, list, path, list, list], list, {
    needs: (file, args) => commandNeeds(file, args.slice(1)),
    cost: 64,
  }),
} as const;

/** Signals from outside. */
export const signal = {
  /** Which signals the program handles itself from now on: all of them, by number. */
  handle: sync([list], none),
  /** Answers with the next such signal that arrives. */
  next: async([], int),
} as const;
