import { append } from "../lib/define.ts";
import { NativeProxy } from "../lib/intrinsics.ts";
import {
  objectCreate,
  objectSetPrototypeOf,
  reflectDefineProperty,
  reflectDeleteProperty,
  reflectGetOwnPropertyDescriptor,
  reflectIsExtensible,
  reflectOwnKeys,
  reflectPreventExtensions,
  reflectSetPrototypeOf,
  SafeSet,
} from "../primordials.ts";
import {
  cannotRedefine,
  defineProperty,
  deleteProperty,
  describeProperty,
  getProperty,
  hasProperty,
  ownOfGlobal,
  setProperty,
} from "./properties.ts";
import type { World } from "./world.ts";

/** Own keys of a context's global, those of its object first. */
function keysOf({ target, raw, lent, fixed, shadowed, unset }: World): PropertyKey[] {
  const keys: PropertyKey[] = [];
  const seen = new SafeSet<PropertyKey>();
  const add = (key: PropertyKey): void => {
    if (seen.has(key)) return;
    seen.add(key);
    append(keys, key);
  };
  const outer = target ? reflectOwnKeys(target) : [];
  for (let i = 0; i < outer.length; i++) add(outer[i] as PropertyKey);
  shadowed.forEach((_, key) => {
    add(key);
  });
  unset.forEach((key) => {
    add(key);
  });
  const inner = reflectOwnKeys(raw);
  for (let i = 0; i < inner.length; i++) {
    const key = inner[i] as PropertyKey;
    if (typeof key !== "string" || !(lent.has(key) || fixed.has(key))) add(key);
  }
  return keys;
}

/** The proxy that programs, outside and inside, have for the global of a context. */
export function makeShown(world: World): object {
  // A proxy may say of a property that it stays for ever only where its target has it too.
  const ground = objectCreate(null) as object;
  const settle = (key: PropertyKey): void => {
    const descriptor = describeProperty(world, key);
    if (descriptor && !descriptor.configurable) reflectDefineProperty(ground, key, descriptor);
  };
  const handler: ProxyHandler<object> = {
    get: (_, key, receiver) => getProperty(world, key, receiver),
    has: (_, key) => hasProperty(world, key),
    set(_, key, value, receiver) {
      if (receiver === world.shown || receiver === world.raw) return setProperty(world, key, value, false);
      return reflectDefineProperty(receiver as object, key, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
    deleteProperty(_, key) {
      return deleteProperty(world, key) && reflectDeleteProperty(ground, key);
    },
    defineProperty(_, key, descriptor) {
      const done = defineProperty(world, key, descriptor);
      if (!done) throw cannotRedefine(key);
      settle(key);
      if (!reflectIsExtensible(ground)) reflectDefineProperty(ground, key, descriptor);
      return done;
    },
    getOwnPropertyDescriptor(_, key) {
      settle(key);
      return describeProperty(world, key);
    },
    ownKeys: () => keysOf(world) as (string | symbol)[],
    getPrototypeOf: () => world.base,
    setPrototypeOf(_, prototype) {
      if (!reflectIsExtensible(ground)) return prototype === world.base;
      world.base = prototype;
      return true;
    },
    preventExtensions() {
      // The properties of an object of the program's are not ours to fix (V8 refuses with interceptors, too).
      if (world.target || !reflectPreventExtensions(world.raw)) return false;
      const keys = keysOf(world);
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i] as PropertyKey;
        const own = ownOfGlobal(world, key) ?? reflectGetOwnPropertyDescriptor(world.raw, key);
        if (own) reflectDefineProperty(ground, key, own);
      }
      reflectSetPrototypeOf(ground, world.base);
      return reflectPreventExtensions(ground);
    },
  };
  objectSetPrototypeOf(handler, null);
  return new NativeProxy(ground, handler);
}
