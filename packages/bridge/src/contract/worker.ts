import { int, list, none, numbers } from "./codec.ts";
import { sync } from "./declare.ts";

/**
 * Threads of `worker_threads`. Each is a cell of its own that shares its process's files, joined with the cell that
 * started it by one pipe; what goes over the pipe is between the two guests. No permission is needed: a thread may do
 * what its process may. Its end is told by `childProcess.wait`.
 */
export const worker = {
  /** -> a number no other thread of this process has had */
  nextId: sync([], int),
  /**
   * id, working directory, name, options as JSON, limits of its heap (MiB: young generation, old generation, code; stack;
   * -1 for none); environment (`K=V`); execArgv
   * -> child, pid, stream. EAGAIN past `limits.processes`.
   */
  start: sync([list, list, list], numbers, { cost: 64 }),
  /** child: ends it at once. */
  stop: sync([int], none),
  /** In a thread: the pipe to whom started it. EBADF elsewhere, and when it was taken already. */
  channel: sync([], int),
} as const;
