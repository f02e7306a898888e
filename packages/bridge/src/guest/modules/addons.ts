import { SyscallError } from "../client.ts";
import { bindingError } from "../lib/binding-error.ts";
import { putHidden } from "../lib/define.ts";
import type { Realm } from "../realm.ts";

const CODE = "ERR_SANDBOX_NATIVE_ADDON_UNSUPPORTED";

function adviceOn(realm: Realm, path: string): readonly [name: string, alternative: string] {
  try {
    const { 0: name, 1: alternative } = realm.sys.modules.addonAdvice(path);
    return [`${(name as string | undefined) ?? path}`, `${(alternative as string | undefined) ?? ""}`];
  } catch (error) {
    if (error instanceof SyscallError) return [path, ""];
    throw error;
  }
}

/** The error for a `.node` file: its message names the package and, where one is known, what to use instead. */
export function addonError(realm: Realm, path: string): Error {
  const { 0: name, 1: alternative } = adviceOn(realm, path);
  const cure = alternative === "" ? "" : `; use ${alternative}`;
  const error = bindingError("Error", CODE, `native add-ons cannot run in the sandbox: ${name}${cure}`);
  putHidden(error, "package", name);
  putHidden(error, "alternative", alternative === "" ? undefined : alternative);
  putHidden(error, "path", path);
  return error;
}

/** What `process.dlopen` does. @throws ERR_SANDBOX_NATIVE_ADDON_UNSUPPORTED always */
export function refuseAddon(realm: Realm, path: string): never {
  throw addonError(realm, path);
}
