import { reflectApply, reflectGet } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { putHidden } from "./define.ts";

/**
 * `--expose-gc`: the global `gc()`, and `gc({ execution: "async" })` that promises to have collected. V8's own, which is
 * there where the host set the flag, would have a task of the platform do that, and a guest's are never run.
 */
export function installCollector(realm: Realm): void {
  const own = (realm.global as { readonly gc?: () => void }).gc;
  const collect = realm.native ? realm.native.collectGarbage : own;
  if (collect === undefined) return;
  putHidden(realm.global, "gc", (options?: unknown): unknown => {
    reflectApply(collect, undefined, []);
    const isAsync = typeof options === "object" && options !== null && reflectGet(options, "execution") === "async";
    return isAsync ? Promise.resolve() : undefined;
  });
}
