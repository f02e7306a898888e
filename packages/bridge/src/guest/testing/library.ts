import type nodeFs from "node:fs";
import type { HostRealm } from "./host-realm.ts";

/** The library's modules that are made anew on a realm's bindings. */
const MODULES = [
  "fs",
  "internal/fs/promises",
  "internal/fs/dir",
  "internal/fs/utils",
  "internal/fs/read/context",
  "internal/fs/rimraf",
  "internal/fs/streams",
  "internal/fs/glob",
  "internal/fs/cp/cp",
  "internal/fs/cp/cp-sync",
] as const;

/** Node's own `fs` library on the bindings of a realm. */
export function libraryOn(realm: HostRealm): typeof nodeFs {
  const { binding } = process as unknown as { binding(name: string): Record<string, string> };
  return realm.library(MODULES, binding("natives")) as unknown as typeof nodeFs;
}
