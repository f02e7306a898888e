import { objectDefineProperty } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { dataDescriptor } from "./define.ts";
import { looksNative } from "./proxies.ts";

/**
 * Properties whose module loads on first use. V8's lazy data properties look like plain values from the start; from
 * JavaScript they are accessors that turn into values when first read or written.
 */
export const lazyProperties =
  (realm: Realm) =>
  (target: object, id: string, keys: readonly string[], enumerable: boolean = true): void => {
    for (let i = 0; i < keys.length; i++) lazyProperty(realm, target, id, keys[i] as string, enumerable);
  };

function lazyProperty(realm: Realm, target: object, id: string, key: string, enumerable: boolean): void {
  const settle = (on: unknown, value: unknown): void => {
    const owner = typeof on === "object" && on !== null ? on : target;
    objectDefineProperty(owner, key, dataDescriptor(value, enumerable));
  };
  const get = function (this: unknown): unknown {
    const value = realm.requireBuiltin(id)[key];
    settle(target, value);
    return value;
  };
  const set = function (this: unknown, value: unknown): void {
    settle(this, value);
  };
  objectDefineProperty(get, "name", { value: `get ${key}`, configurable: true });
  objectDefineProperty(set, "name", { value: `set ${key}`, configurable: true });
  objectDefineProperty(target, key, {
    get: looksNative(get, `get ${key}`),
    set: looksNative(set, `set ${key}`),
    enumerable,
    configurable: true,
  });
}
