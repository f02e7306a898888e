import { SyscallError } from "../client.ts";
import { objectHasOwn } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { bindingError } from "./binding-error.ts";
import { parseDotenv } from "./dotenv.ts";
import { utf8Decode } from "./utf8.ts";
import { uvException } from "./uvexception.ts";

const O_RDONLY = 0;

/**
 * Adds to `process.env` what a `.env` file says; what is there already stays (`LoadEnvFile` of
 * src/node_process_methods.cc).
 * @throws ENOENT where it cannot be opened, whatever the reason but a denial of the sandbox
 */
export function loadEnvFile(realm: Realm, path: string): void {
  const text = textOf(realm, path);
  const { env } = realm.process as { env: Record<string, string> };
  const names: string[] = [];
  const entries: Record<string, string> = { __proto__: null } as never;
  parseDotenv(text, (key, value) => {
    if (!(key in entries)) names[names.length] = key;
    entries[key] = value;
  });
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    if (!objectHasOwn(env, name)) env[name] = entries[name] as string;
  }
}

function textOf(realm: Realm, path: string): string {
  if (path === "") throw uvException(realm, "ENOENT", "open", path);
  const { resolve } = realm.requireBuiltin<{ resolve: (...parts: string[]) => string }>("path");
  try {
    const bytes = realm.sys.fs.readFile(resolve(realm.cwd, path), O_RDONLY) as Uint8Array;
    return utf8Decode(bytes, 0, bytes.length);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    if (error.sandboxCode !== undefined)
      throw uvException(realm, error.code, "open", path, undefined, error.sandboxCode);
    if (error.code === "EISDIR" || error.code === "EIO") {
      throw bindingError("TypeError", "ERR_INVALID_ARG_TYPE", `Contents of '${path}' should be a valid string.`);
    }
    throw uvException(realm, "ENOENT", "open", path);
  }
}
