import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  contract,
  type Declaration,
  type FsNeed,
  type ModuleNeed,
  type SyscallArgs,
  type SyscallResult,
} from "@vivarium/bridge/contract";
import { type Granted, SyscallFailure } from "@vivarium/core/cell";
import { createFiles, type FileSystemSpec, type Files, type Place } from "./index.ts";

type FsKey = keyof typeof contract.fs;
type ModulesKey = keyof typeof contract.modules;

/** Calls syscalls for tests as dispatch does, with everything granted. */
export interface Caller extends Disposable {
  readonly files: Files;
  fs<K extends FsKey>(key: K, ...args: SyscallArgs<"fs", K>): SyscallResult<"fs", K>;
  modules<K extends ModulesKey>(key: K, ...args: SyscallArgs<"modules", K>): SyscallResult<"modules", K>;
  /** Where an `fs` need on this path leads. */
  locate(path: string, follow?: boolean): Place;
}

const granted = (located: Place): Granted<Place> => ({ located }) as Granted<Place>;

/** A tests' own file system. */
export function caller(spec: FileSystemSpec): Caller {
  const files = createFiles(spec);
  const grantsFor = (declaration: Declaration, args: readonly unknown[]): Granted<Place>[] => {
    const needs = (
      declaration.needs as ((...args: readonly unknown[]) => readonly (FsNeed | ModuleNeed)[]) | undefined
    )?.(...args);
    return (needs ?? []).map((need) => granted(files.locate(need)));
  };
  type Handler = (grants: readonly Granted<Place>[], ...args: readonly unknown[]) => unknown;
  const call = (declaration: unknown, handler: unknown, args: readonly unknown[]): unknown =>
    (handler as Handler)(grantsFor(declaration as Declaration, args), ...args);
  return {
    files,
    fs: (key, ...args) => call(contract.fs[key], files.handlers.fs[key], args) as never,
    modules: (key, ...args) => call(contract.modules[key], files.handlers.modules[key], args) as never,
    locate: (path, follow = true) => files.locate({ domain: "fs", op: "stat", path, follow }),
    [Symbol.dispose]: () => files[Symbol.dispose](),
  };
}

/** The errno name a call fails with, or `"ok"`. */
export function codeOf(operation: () => unknown): string {
  try {
    operation();
    return "ok";
  } catch (error) {
    if (error instanceof SyscallFailure) return error.code;
    throw error;
  }
}

/** A host directory of the test's own, real path, removed on disposal. */
export function scratch(): { readonly path: string } & Disposable {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "vivarium-files-")));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
export const textOf = (data: Uint8Array): string => Buffer.from(data).toString("utf8");
