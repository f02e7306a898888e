import type nodeFs from "node:fs";

export type Fs = typeof nodeFs;
/** A use of `fs`, and what it came to. */
export type Case = readonly [name: string, run: (fs: Fs) => unknown];

/** What a callback was called with. */
export const calls = (run: (done: (...args: unknown[]) => void) => void): Promise<unknown[]> =>
  new Promise((resolve) => {
    run((...args) => resolve(args));
  });

/** What a stat says, without what differs from run to run. */
export const kind = (stats: nodeFs.Stats | nodeFs.BigIntStats | undefined) =>
  stats && [
    typeof stats.size,
    Number(stats.size),
    stats.isFile(),
    stats.isDirectory(),
    stats.isSymbolicLink(),
    stats.mode.toString(8),
  ];

export const MISSING = "nothing/here";

/** More than one syscall carries. */
export const big = (): Buffer => Buffer.alloc(20 * 1024 * 1024 + 5, "0123456789");

/** The last of some values, for steps that end in what they are made to show. */
export const last = (...values: readonly unknown[]): unknown => values.at(-1);
