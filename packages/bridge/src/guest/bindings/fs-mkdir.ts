import { SyscallError } from "../client.ts";
import { StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { absolute, firstMade, type PathLike, pathText } from "./fs-path.ts";

/** Makes a directory; recursive, answers with the first one made. */
export function makeDirectory(realm: Realm, path: PathLike, mode: number, recursive: unknown): string | undefined {
  const deep = recursive === true;
  const whole = absolute(realm, path);
  const bits = mode & ~realm.umask;
  if (deep && whole !== pathText(path)) requireWorkingDirectory(realm);
  const made = deep ? makeDeep(realm, whole, bits) : realm.sys.fs.mkdir(whole, bits, false);
  return deep && made !== undefined ? firstMade(realm, pathText(path), made) : undefined;
}

/** Parents are made of names only: a working directory that was removed does not come back. @throws SyscallError ENOENT */
function requireWorkingDirectory(realm: Realm): void {
  try {
    realm.sys.fs.stat(realm.cwd);
  } catch (error) {
    if (error instanceof SyscallError && error.code === "ENOENT") throw error;
  }
}

/** `MKDirpSync` of src/node_file.cc: a directory that the path leaves again by `..` is made too. -> the first one made */
function makeDeep(realm: Realm, path: string, mode: number): string | undefined {
  const { mkdir } = realm.sys.fs;
  try {
    return mkdir(path, mode, true);
  } catch (error) {
    const left = StringProto.includes(`${path}/`, "/../");
    if (!left || !(error instanceof SyscallError) || error.code !== "ENOENT") throw error;
  }
  const parts = StringProto.split(path, "/");
  let first: string | undefined;
  let prefix = "";
  for (let i = 1; i < parts.length; i++) {
    const part = parts[i] as string;
    if (part === "..") {
      const made = mkdir(prefix === "" ? "/" : prefix, mode, true);
      first ??= made;
    }
    prefix += `/${part}`;
  }
  const last = mkdir(path, mode, true);
  return first ?? last;
}
