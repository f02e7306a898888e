import { encodeWire } from "../contract/wire.ts";
import { hasPendingEvaluation } from "./modules/evaluations.ts";
import type { Realm } from "./realm.ts";

interface Loader {
  readonly loadCache: { get(url: string): { readonly module?: { getNamespace(): object } } | undefined };
}

/** What the main module exports: its namespace when it is an ES module, `module.exports` otherwise. */
function mainExports(realm: Realm, filePath: string): unknown {
  const { pathToFileURL } = realm.requireBuiltin<{ pathToFileURL: (path: string) => { href: string } }>("internal/url");
  const { getOrInitializeCascadedLoader } = realm.requireBuiltin<{ getOrInitializeCascadedLoader: () => Loader }>(
    "internal/modules/esm/loader",
  );
  const job = getOrInitializeCascadedLoader().loadCache.get(pathToFileURL(filePath).href);
  if (job?.module) return { ...job.module.getNamespace() };
  const { Module } = realm.requireBuiltin<{ Module: { _cache: Record<string, { exports: unknown } | undefined> } }>(
    "internal/modules/cjs/loader",
  );
  return Module._cache[filePath]?.exports;
}

/** Hands the main module's exports to the host; what cannot cross makes the run fail with that reason. */
export function reportExports(realm: Realm, filePath: string): void {
  if (hasPendingEvaluation(realm)) return;
  realm.sys.result.exports(encodeWire(mainExports(realm, filePath), realm.config.payloadBytes));
}
