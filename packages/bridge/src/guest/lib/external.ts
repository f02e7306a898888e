import type { Realm } from "../realm.ts";

let native: Realm["native"];

/** Lets values be made that are nothing but pointers into C++ for `util.types.isExternal`. */
export function installExternals(realm: Realm): void {
  realm.onAttach(() => {
    native = realm.native;
  });
}

/** Such a value, undefined without the native helper. It stands for the address of a stream, and points nowhere. */
export const externalValue = (): unknown => native?.makeExternal();
