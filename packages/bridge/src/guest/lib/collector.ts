import { reflectGet } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { putHidden } from "./define.ts";

/**
 * `--expose-gc`: the global `gc()`, and `gc({ execution: "async" })` that promises to have collected. Only the native
 * helper can collect; without it there is no `gc`, as on a Node that was not asked for it.
 */
export function installCollector(realm: Realm): void {
  const { native } = realm;
  if (!native) return;
  putHidden(realm.global, "gc", (options?: unknown): unknown => {
    native.collectGarbage();
    const isAsync = typeof options === "object" && options !== null && reflectGet(options, "execution") === "async";
    return isAsync ? Promise.resolve() : undefined;
  });
}
