import type { Realm } from "../realm.ts";

/** A variable of the program's environment as it is now: `process.env` may have been written to. */
export function environmentVariable(realm: Realm, name: string): string | undefined {
  const { env } = realm.process as { env?: Record<string, unknown> };
  const value = env === undefined ? realm.config.env[name] : env[name];
  return typeof value === "string" ? value : undefined;
}
