import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** Where the project is mounted. */
export const GUEST_PROJECT = "/app";

/** A host folder the guest sees at `/app`. */
export interface Project {
  /** Absent when there is none to show. */
  readonly host: string | undefined;
  /** Guest path of the program, when it is a file. */
  readonly filePath: string | undefined;
  /** Guest working directory. */
  readonly cwd: string;
}

/** The nearest folder at or above `from` that has a package.json. */
function nearestPackage(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Where a host path is seen by the guest, or nothing when it is outside the project. */
function guestPath(project: string, host: string): string | undefined {
  const path = relative(project, host);
  if (path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path)) return undefined;
  return path === "" ? GUEST_PROJECT : `${GUEST_PROJECT}/${path.split(sep).join("/")}`;
}

/**
 * The project of a program: the nearest folder with a package.json, else the file's own folder. Code without a file
 * (`-e`, standard input) has the project of the working directory, if that is one.
 */
export function findProject(file: string | undefined, hostCwd: string): Project {
  if (file === undefined) {
    const host = nearestPackage(hostCwd);
    return { host, filePath: undefined, cwd: (host && guestPath(host, hostCwd)) ?? GUEST_PROJECT };
  }
  const path = resolve(hostCwd, file);
  const host = nearestPackage(dirname(path)) ?? dirname(path);
  return { host, filePath: guestPath(host, path), cwd: guestPath(host, hostCwd) ?? GUEST_PROJECT };
}
