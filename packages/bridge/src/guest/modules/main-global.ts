import { NativeProxy } from "../lib/intrinsics.ts";
import { standIn } from "../lib/proxies.ts";
import {
  objectCreate,
  objectSetPrototypeOf,
  reflectDefineProperty,
  reflectDeleteProperty,
  reflectGet,
  reflectGetOwnPropertyDescriptor,
  reflectGetPrototypeOf,
  reflectHas,
  reflectOwnKeys,
  reflectSet,
} from "../primordials.ts";

/**
 * What other contexts have for the global of the main one: V8 lets no code of theirs touch that itself, while functions
 * of the main context, as these are, may.
 */
export function mainGlobal(global: object): object {
  const ground = objectCreate(null) as object;
  // It names itself.
  const shown = (value: unknown): unknown => (value === global ? proxy : value);
  const describe = (key: PropertyKey): PropertyDescriptor | undefined => {
    const descriptor = reflectGetOwnPropertyDescriptor(global, key);
    if (descriptor && !descriptor.configurable) reflectDefineProperty(ground, key, descriptor);
    if (descriptor?.configurable && "value" in descriptor) descriptor.value = shown(descriptor.value);
    return descriptor && objectSetPrototypeOf(descriptor, null);
  };
  const handler: ProxyHandler<object> = {
    get: (_, key) => shown(reflectGet(global, key)),
    has: (_, key) => reflectHas(global, key),
    set: (_, key, value) => reflectSet(global, key, value),
    deleteProperty: (_, key) => reflectDeleteProperty(global, key),
    defineProperty(_, key, descriptor) {
      const done = reflectDefineProperty(global, key, descriptor);
      if (done) describe(key);
      return done;
    },
    getOwnPropertyDescriptor: (_, key) => describe(key),
    ownKeys: () => reflectOwnKeys(global),
    getPrototypeOf: () => reflectGetPrototypeOf(global),
    setPrototypeOf: () => false,
    preventExtensions: () => false,
  };
  objectSetPrototypeOf(handler, null);
  const proxy = standIn(new NativeProxy(ground, handler));
  return proxy;
}
