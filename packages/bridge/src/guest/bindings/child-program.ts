import { installedProgram } from "../../contract/programs.ts";
import { SyscallError } from "../client.ts";
import { environmentVariable } from "../lib/environment.ts";
import { ArrayProto, objectKeys, RegExpProto, StringProto, stringFromCharCode } from "../primordials.ts";
import type { Realm } from "../realm.ts";

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const ANY_EXECUTE = 0o111;
/** Longest first line of a script the kernel reads. */
const FIRST_LINE = 256;
const MOST_LINKS = 8;
/** The first line of a script for one of the programs there are. */
const INTERPRETER = /^#![ \t]*(?:\/usr\/bin\/env[ \t]+(?:-S[ \t]+)?)?(?:[^\s]*\/)?(node|sh|bash|dash)(?:[ \t]+(.*))?$/;

/** What is to be run, as the host knows it, and its arguments. */
export interface ChildProgram {
  readonly file: string;
  readonly args: readonly string[];
}

const isInstalled = (file: string): boolean => installedProgram(file) !== undefined;

/**
 * Finds the program behind a file name, as execvp(3) and the kernel do: a link is followed, a script's first line names
 * its interpreter. Only `node` and `sh` can be what it ends at.
 * @throws SyscallError ENOENT, EACCES
 */
export function programOf(realm: Realm, file: string, args: readonly string[]): ChildProgram {
  let at = file;
  for (let i = 0; i < MOST_LINKS; i++) {
    if (isInstalled(at)) return { file: at, args };
    if (!StringProto.includes(at, "/")) throw new SyscallError("ENOENT", undefined, undefined);
    const { resolve, dirname } = realm.requireBuiltin<{
      resolve: (...parts: string[]) => string;
      dirname: (path: string) => string;
    }>("path");
    at = resolve(realm.cwd, at);
    if (isInstalled(at)) continue;
    const target = linkTarget(realm, at);
    if (target === undefined) return scriptProgram(realm, at, args);
    at = resolve(dirname(at), target);
  }
  throw new SyscallError("ELOOP", undefined, undefined);
}

function linkTarget(realm: Realm, path: string): string | undefined {
  try {
    return realm.sys.fs.readlink(path);
  } catch (error) {
    if (error instanceof SyscallError && error.code === "EINVAL") return undefined;
    throw error;
  }
}

function scriptProgram(realm: Realm, path: string, args: readonly string[]): ChildProgram {
  const mode = realm.sys.fs.stat(path)[1] as number;
  const denied = new SyscallError("EACCES", undefined, undefined);
  if ((mode & S_IFMT) !== S_IFREG || (mode & ANY_EXECUTE) === 0) throw denied;
  const line = firstLine(realm, path);
  const interpreter = RegExpProto.exec(INTERPRETER, line);
  if (interpreter === null) throw new SyscallError("ENOEXEC", undefined, undefined);
  const extra = interpreter[2] === undefined ? [] : [StringProto.trim(interpreter[2])];
  const rest = ArrayProto.slice(args, 1) as string[];
  const name = interpreter[1] === "node" ? "/usr/local/bin/node" : "/bin/sh";
  return { file: name, args: ArrayProto.concat([name], extra, [path], rest) as string[] };
}

function firstLine(realm: Realm, path: string): string {
  const fd = realm.sys.fs.open(path, 0, 0);
  try {
    const bytes = realm.sys.fs.read(fd, FIRST_LINE, -1);
    let line = "";
    for (let i = 0; i < bytes.length && bytes[i] !== 0x0a; i++) line += stringFromCharCode(bytes[i] as number);
    return line;
  } finally {
    realm.sys.fs.close(fd);
  }
}

/** @throws SyscallError ENOENT, ENOTDIR where a child cannot be started in a directory */
export function checkDirectory(realm: Realm, path: string): void {
  if (realm.sys.modules.stat(path) === 1) return;
  realm.sys.fs.readdir(path);
}

/** The environment a child inherits, `NAME=value`. */
export function ownEnvironment(realm: Realm): string[] {
  const { env } = realm.process as { env: object };
  const names = objectKeys(env);
  const pairs: string[] = [];
  for (let i = 0; i < names.length; i++)
    pairs[i] = `${names[i] as string}=${environmentVariable(realm, names[i] as string) ?? ""}`;
  return pairs;
}
