import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Duplex, Readable, Writable } from "node:stream";

/** Which program a cell is. Cells of equal options are interchangeable until they run guest code. */
export interface CellOptions {
  /** The Node binary; the embedder's own when left out. */
  readonly nodePath?: string | undefined;
  /** The driver's cell program, a host path. */
  readonly cellEntry: string;
}

/** A started cell with the supervisor's ends of its pipes. */
export interface SpawnedCell {
  readonly child: ChildProcess;
  readonly stderr: Readable;
  readonly reports: Readable;
  readonly commands: Writable;
  readonly answers: Writable;
  readonly lifeline: Writable;
}

/**
 * isolated-vm asks for the flag because an isolate of its own must not share Node's start-up snapshot. On Linux its
 * prebuilt binaries work with the snapshot, which saves some 30 ms of every start (docs/adr/0002).
 */
const SNAPSHOT_FLAGS: readonly string[] = process.platform === "linux" ? [] : ["--no-node-snapshot"];

/**
 * The key of the seals on code caches (native/cached-data.h): cells of one supervisor take each other's. A guest sees
 * nothing of its cell's environment.
 */
const cacheKey = randomBytes(32).toString("hex");

/**
 * For glibc's allocator: buffers that are freed stay with the cell. By default most of what a body streams through would
 * go back to the system piece by piece and be asked for again, a page fault each 4 KiB. An idle cell gives it all back
 * (`Engine.shrink`).
 */
const ALLOCATOR = {
  MALLOC_TRIM_THRESHOLD_: String(64 * 1024 * 1024),
  MALLOC_MMAP_THRESHOLD_: String(32 * 1024 * 1024),
} as const;

/** Nothing of the embedder's environment reaches a cell but the time zone, and what Windows needs to start a program. */
function cellEnvironment(): NodeJS.ProcessEnv {
  const names = process.platform === "win32" ? ["TZ", "SystemRoot"] : ["TZ"];
  const taken = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(taken), ...ALLOCATOR, VIVARIUM_CACHE_KEY: cacheKey };
}

/** Starts a cell process. A failure to start shows as the child's 'error' event. */
export function spawnCell(options: CellOptions): SpawnedCell {
  const child = spawn(options.nodePath ?? process.execPath, [...SNAPSHOT_FLAGS, options.cellEntry], {
    env: cellEnvironment(),
    // Its own crash text comes on standard error; descriptors 3 to 6 are those of channel/descriptors.ts.
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
    windowsHide: true,
    // A session of its own: Ctrl-C in the embedder's terminal is the embedder's to handle. The lifeline ends the cell.
    detached: process.platform !== "win32",
  });
  // Every entry is a pipe, so none is null; the extra ones are duplex sockets of which one direction is used.
  const [, , stderr, reports, commands, answers, lifeline] = child.stdio as unknown as readonly Duplex[];
  if (!stderr || !reports || !commands || !answers || !lifeline)
    throw new Error("a cell was started without its pipes");
  return { child, stderr, reports, commands, answers, lifeline };
}
