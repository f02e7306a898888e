import { NativeProxy } from "../lib/intrinsics.ts";
import { objectCreate, objectSetPrototypeOf, reflectDefineProperty, reflectSetPrototypeOf } from "../primordials.ts";
import { getProperty, hasVariable, setProperty } from "./properties.ts";
import { noticeDeletion } from "./runs.ts";
import type { World } from "./world.ts";

/**
 * Puts a proxy between the global and what it inherits from: V8 asks it for every name it finds nowhere else, so that
 * the properties of the program's object are variables, live in both directions.
 */
export function installScope(world: World): void {
  const handler: ProxyHandler<object> = {
    get(_, key, receiver) {
      noticeDeletion(world, key);
      return getProperty(world, key, receiver);
    },
    has(_, key) {
      noticeDeletion(world, key);
      return hasVariable(world, key);
    },
    set(_, key, value, receiver) {
      if (receiver === world.raw) return setProperty(world, key, value, true);
      return reflectDefineProperty(receiver as object, key, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
    getPrototypeOf: () => world.base,
  };
  objectSetPrototypeOf(handler, null);
  reflectSetPrototypeOf(world.raw, new NativeProxy(objectCreate(null) as object, handler));
}
