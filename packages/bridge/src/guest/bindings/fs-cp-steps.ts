import { SyscallError } from "../client.ts";
import type { Realm } from "../realm.ts";
import { fsError, refuse, type Subject, stdError } from "./fs-error.ts";
import { absolute } from "./fs-path.ts";

/** File types within a mode (<sys/stat.h>). */
export const Mode = {
  mask: 0o170000,
  directory: 0o040000,
  file: 0o100000,
  link: 0o120000,
  fifo: 0o010000,
  socket: 0o140000,
} as const;

/** Places in a stat's 18 numbers. */
const Field = { dev: 0, mode: 1, ino: 7, atime: 10, mtime: 12 } as const;

export const isA = (stat: readonly number[], type: number): boolean =>
  ((stat[Field.mode] as number) & Mode.mask) === type;

/** A stat, or nothing where it fails. */
export function look(
  realm: Realm,
  path: string,
  follow: boolean,
  failed?: (cause: SyscallError) => never,
): readonly number[] | undefined {
  try {
    const { fs } = realm.sys;
    const whole = absolute(realm, path);
    return (follow ? fs.stat(whole) : fs.lstat(whole)) as readonly number[];
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return failed?.(error);
  }
}

/** Both are there and are the same file. */
export const sameFile = (a: readonly number[] | undefined, b: readonly number[] | undefined): boolean =>
  a !== undefined && b !== undefined && a[Field.dev] === b[Field.dev] && a[Field.ino] === b[Field.ino];

function attempt<T>(run: () => T, failed: (cause: SyscallError) => Error | undefined): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const thrown = failed(error);
    if (thrown) refuse(thrown);
    return undefined;
  }
}

/** Runs a step that fails as `std::filesystem` does. */
export const attemptStd = <T>(realm: Realm, subject: Subject, run: () => T): T | undefined =>
  attempt(run, (cause) => stdError(realm, cause, subject));

/** Runs a step that fails as libuv does; without a subject a failure goes by. */
export const attemptUv = <T>(realm: Realm, subject: Subject | undefined, run: () => T): T | undefined =>
  attempt(run, (cause) => subject && fsError(realm, cause, subject));

const seconds = (stat: readonly number[], field: number): number =>
  (stat[field] as number) + (stat[field + 1] as number) / 1e9;

/** Gives a copy the access and modification times of its source. */
export function copyTimes(realm: Realm, src: string, dest: string): void {
  const stat = attemptUv(realm, { syscall: "stat", path: src }, () => realm.sys.fs.stat(absolute(realm, src)));
  const times = stat as readonly number[];
  attemptUv(realm, { syscall: "utime", path: dest }, () =>
    realm.sys.fs.utimes(absolute(realm, dest), seconds(times, Field.atime), seconds(times, Field.mtime)),
  );
}
