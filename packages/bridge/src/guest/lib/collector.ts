import { reflectGet } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { putHidden } from "./define.ts";

/** `--expose-gc`: the global `gc()`, and `gc({ execution: "async" })` that promises to have collected. */
export function installCollector(realm: Realm): void {
  const { native } = realm;
  const collect = native
    ? (): void => native.collectGarbage()
    : (realm.sys.engine.collector() as unknown as () => void);
  putHidden(realm.global, "gc", (options?: unknown): unknown => {
    collect();
    const isAsync = typeof options === "object" && options !== null && reflectGet(options, "execution") === "async";
    return isAsync ? Promise.resolve() : undefined;
  });
}
