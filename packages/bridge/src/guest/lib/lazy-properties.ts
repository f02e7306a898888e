import { objectDefineProperty } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { append, dataDescriptor } from "./define.ts";
import { looksNative } from "./proxies.ts";

/** A property whose value is made when it is first read. */
interface Lazy {
  readonly target: object;
  readonly key: string;
  readonly enumerable: boolean;
  readonly make: () => unknown;
  /** It was read or written, and is a plain value. */
  isSettled: boolean;
}

/**
 * Properties whose module loads on first use. V8's lazy data properties look like plain values from the start, and with
 * the native helper they are that; from JavaScript they are accessors that turn into values when first read or written.
 */
export function lazyProperties(
  realm: Realm,
): (target: object, id: string, keys: readonly string[], enumerable?: boolean) => void {
  /** Until the helper is there. No program has run by then. */
  let waiting: Lazy[] | undefined = [];
  realm.onAttach(() => {
    const list = waiting as Lazy[];
    waiting = undefined;
    for (let i = 0; i < list.length; i++) {
      const { target, key, make, enumerable, isSettled } = list[i] as Lazy;
      if (!isSettled) realm.native?.defineLazyValue(target, key, make, enumerable);
    }
  });
  return (target, id, keys, enumerable = true) => {
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      const make = (): unknown => realm.requireBuiltin(id)[key];
      if (realm.native?.defineLazyValue(target, key, make, enumerable)) continue;
      const lazy = { target, key, enumerable, make, isSettled: false };
      defineAccessor(lazy);
      if (waiting) append(waiting, lazy);
    }
  };
}

function defineAccessor(lazy: Lazy): void {
  const { target, key, enumerable, make } = lazy;
  const settle = (on: unknown, value: unknown): void => {
    const owner = typeof on === "object" && on !== null ? on : target;
    if (owner === target) lazy.isSettled = true;
    objectDefineProperty(owner, key, dataDescriptor(value, enumerable));
  };
  const get = function (this: unknown): unknown {
    const value = make();
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
