import { type BrandName, brands } from "../lib/brands.ts";
import { dataDescriptor } from "../lib/define.ts";
import { installExternals } from "../lib/external.ts";
import { implement } from "../lib/implement.ts";
import { isStandIn, looksNative } from "../lib/proxies.ts";
import { objectDefineProperty, objectKeys } from "../primordials.ts";
import type { Binding, InstallBinding, Realm } from "../realm.ts";

/**
 * The type tests of `internalBinding('types')`. Where the native helper is loaded it answers; it appears when the guest
 * attaches, after the library has taken these functions, so each looks for it when called.
 */
export function typeTests(realm: Realm): Readonly<Record<BrandName, (value: unknown) => boolean>> {
  const tests: Record<string, (value: unknown) => boolean> = {};
  const names = objectKeys(brands) as BrandName[];
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as BrandName;
    const inScript = brands[name];
    tests[name] = (value) => {
      const exact = realm.native?.types[name];
      return exact === undefined ? inScript(value) : exact(value);
    };
  }
  const { isProxy } = tests as { isProxy: (value: unknown) => boolean };
  tests["isProxy"] = (value) => isProxy(value) && !isStandIn(value as object);
  return tests as Record<BrandName, (value: unknown) => boolean>;
}

export const install: InstallBinding = (binding: Binding, realm: Realm) => {
  installExternals(realm);
  implement(binding, typeTests(realm));
  const names = objectKeys(brands);
  // Node gives these no name.
  for (let i = 0; i < names.length; i++) {
    const test = binding[names[i] as string] as object;
    objectDefineProperty(looksNative(test, ""), "name", dataDescriptor("", false, false));
  }
};
