import { createRequire } from "node:module";
import { LIFELINE_FD } from "./descriptors.ts";

/**
 * Plain script of the watching thread. It waits in its own event loop, so it costs nothing until the pipe ends, needs
 * no turn of the main thread, which a busy guest never gives back, and does not hold up an orderly exit of the process
 * (a thread blocked in a read would).
 */
const WATCH = `
const { workerData } = require("node:worker_threads");
const end = () => process.kill(process.pid, "SIGKILL");
const pipe = new (require("node:net").Socket)({ fd: workerData, readable: true, writable: false });
pipe.on("end", end).on("error", end).on("close", end).resume();
`;

/** Ends this process when the supervisor does, even while guest code keeps the main thread busy. Call once, at start. */
export function startLifeline(fd: number = LIFELINE_FD): void {
  // Loaded here: the helper makes the thread needless, and with it half a megabyte of library.
  const { Worker } = createRequire(import.meta.url)("node:worker_threads") as typeof import("node:worker_threads");
  const worker = new Worker(WATCH, {
    eval: true,
    workerData: fd,
    env: {},
    execArgv: [],
    trackUnmanagedFds: false,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, codeRangeSizeMb: 4, stackSizeMb: 1 },
  });
  worker.on("error", () => process.kill(process.pid, "SIGKILL"));
  worker.unref();
}
