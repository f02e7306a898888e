import { objectCreate, SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";

let native: Realm["native"];
/** Objects that stand for externals where no helper makes one: without a property or a prototype, as V8's own. */
const standIns = new SafeWeakMap<object, true>();

/** Lets values be made that are nothing but pointers into C++ for `util.types.isExternal`. */
export function installExternals(realm: Realm): void {
  realm.onAttach(() => {
    native = realm.native;
  });
}

/** Such a value. It stands for the address of a stream, and points nowhere. */
export function externalValue(): unknown {
  if (native) return native.makeExternal();
  const external = objectCreate(null) as object;
  standIns.set(external, true);
  return external;
}

/** Without the native helper: whether a value is such a one. */
export const isExternalStandIn = (value: unknown): boolean =>
  typeof value === "object" && value !== null && standIns.has(value);
