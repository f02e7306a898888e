import { arrayIsArray } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { putHidden, putOwn } from "./define.ts";
import { NativeError } from "./intrinsics.ts";

type ErrorMap = readonly (readonly [errno: number, entry: readonly [name: string, message: string]])[];

let known: ErrorMap | undefined;

/** The system errors Node knows: errno (negative), name, text. */
export function errorMap(realm: Realm): ErrorMap {
  known ??= realm.manifest("errorMap") as ErrorMap;
  return known;
}

let names: Record<string, readonly [errno: number, message: string]> | undefined;

function lookUp(realm: Realm, code: string): readonly [errno: number, message: string] {
  if (names === undefined) {
    names = { __proto__: null } as never as Record<string, readonly [number, string]>;
    const map = errorMap(realm);
    for (let i = 0; arrayIsArray(map) && i < map.length; i++) {
      const entry = map[i] as ErrorMap[number];
      names[entry[1][0]] = [entry[0], entry[1][1]];
    }
  }
  return names[code] ?? [-4094, "unknown error"];
}

/** The negative errno of a system error name, UV_UNKNOWN for a name libuv does not have. */
export const errnoOf = (realm: Realm, code: string): number => lookUp(realm, code)[0];

/** The system's text for an error name. */
export const systemMessage = (realm: Realm, code: string): string => lookUp(realm, code)[1];

/**
 * The error of a failed system call exactly as `node::UVException` makes it (src/api/exceptions.cc).
 * @param code an errno name, `ENOENT`
 * @param sandboxCode the sandbox's reason where it was the sandbox that said no; not enumerable on the error
 */
export function uvException(
  realm: Realm,
  code: string,
  syscall: string,
  path?: string,
  dest?: string,
  sandboxCode?: string,
): NodeJS.ErrnoException {
  const entry = lookUp(realm, code);
  let message = `${code}: ${entry[1]}, ${syscall}`;
  if (path !== undefined) message += ` '${path}'`;
  if (dest !== undefined) message += ` -> '${dest}'`;
  const error = new NativeError(message);
  putOwn(error, "errno", entry[0]);
  putOwn(error, "code", code);
  putOwn(error, "syscall", syscall);
  if (path !== undefined) putOwn(error, "path", path);
  if (dest !== undefined) putOwn(error, "dest", dest);
  if (sandboxCode !== undefined) putHidden(error, "sandboxCode", sandboxCode);
  return error;
}
