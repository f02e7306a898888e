import {
  ArrayProto,
  objectCreate,
  objectDefineProperty,
  objectKeys,
  reflectConstruct,
  reflectGet,
  reflectGetOwnPropertyDescriptor,
  reflectGetPrototypeOf,
  reflectOwnKeys,
  StringProto,
} from "../primordials.ts";
import { unsupportedApi } from "./unsupported.ts";

type Constructor = new (...args: unknown[]) => unknown;
type Exports = Record<string, unknown>;
/** `api`, `object.api` or `Class#method` -> error code. */
type Apis = Readonly<Record<string, string>>;

/** A function that throws, with the name, length and static properties of the one it stands for. */
function thrower(module: string, api: string, code: string, original: unknown): unknown {
  const name = ArrayProto.join(StringProto.split(api, "#"), ".prototype.");
  function fn() {
    throw unsupportedApi(module, name, code);
  }
  const keys = typeof original === "function" ? reflectOwnKeys(original) : [];
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const descriptor = reflectGetOwnPropertyDescriptor(original as object, key);
    if (descriptor && key !== "prototype" && key !== "arguments" && key !== "caller") {
      objectDefineProperty(fn, key, descriptor);
    }
  }
  return fn;
}

/** Replaces one property, keeping its attributes; an accessor becomes a value. */
function replace(target: object, key: string, value: unknown): void {
  const own = reflectGetOwnPropertyDescriptor(target, key);
  objectDefineProperty(target, key, { value, writable: true, configurable: true, enumerable: own?.enumerable ?? true });
}

/** The object an API's name leads to, and its last part: `Socket#connect` -> Socket.prototype, connect. */
function holderOf(exports: Exports, api: string): readonly [object | undefined, string] {
  const hash = StringProto.indexOf(api, "#");
  const at = hash >= 0 ? hash : StringProto.indexOf(api, ".");
  if (at < 0) return [exports, api];
  const named = exports[StringProto.slice(api, 0, at)] as { prototype?: object } | undefined;
  const holder = hash >= 0 ? named?.prototype : (named as object | undefined);
  return [holder, StringProto.slice(api, at + 1)];
}

/** Makes deferred functions throw in the module itself. */
export function deferInPlace(module: string, exports: Exports, apis: Apis): Exports {
  const names = objectKeys(apis);
  for (let i = 0; i < names.length; i++) {
    const api = names[i] as string;
    const { 0: holder, 1: key } = holderOf(exports, api);
    if (!holder) continue;
    const original = (holder as Exports)[key];
    if (typeof original !== "function") continue;
    // Constructors stay constructible and can be subclassed; what they do throws.
    replace(holder, key, thrower(module, api, apis[api] as string, original));
  }
  return exports;
}

/** A class whose instances are the library's own, except that some methods throw; it can be subclassed and called. */
function facadeClass(Base: object, overrides: Readonly<Record<string, unknown>>): unknown {
  const prototype = objectCreate((Base as { prototype: object }).prototype) as Exports;
  const keys = objectKeys(overrides);
  for (let i = 0; i < keys.length; i++) replace(prototype, keys[i] as string, overrides[keys[i] as string]);
  const facade: object = new Proxy(Base, {
    construct: (target, args, newTarget) =>
      reflectConstruct(target as Constructor, args, newTarget === facade ? withPrototype : newTarget) as object,
    apply: (target, _self, args) => reflectConstruct(target as Constructor, args, withPrototype) as object,
    get: (target, key, receiver) => {
      if (key === "prototype") return prototype;
      if (key === Symbol.hasInstance) return (value: unknown) => isInstance(value, target);
      return reflectGet(target, key, receiver);
    },
  });
  function target() {}
  const withPrototype = target as unknown as Constructor & { prototype: object };
  withPrototype.prototype = prototype;
  objectDefineProperty(prototype, "constructor", {
    value: facade,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  return facade;
}

function isInstance(value: unknown, Base: object): boolean {
  const { prototype } = Base as { prototype: object };
  let at = typeof value === "object" && value !== null ? reflectGetPrototypeOf(value) : null;
  while (at !== null) {
    if (at === prototype) return true;
    at = reflectGetPrototypeOf(at);
  }
  return false;
}

/** A copy of a module's exports whose deferred functions throw; the library goes on using the module itself. */
export function deferredFacade(module: string, exports: Exports, apis: Apis): Exports {
  const facade = objectCreate(reflectGetPrototypeOf(exports)) as Exports;
  const keys = reflectOwnKeys(exports);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    objectDefineProperty(facade, key, reflectGetOwnPropertyDescriptor(exports, key) as PropertyDescriptor);
  }
  const methods = objectCreate(null) as Record<string, Record<string, unknown>>;
  const names = objectKeys(apis);
  for (let i = 0; i < names.length; i++) {
    const api = names[i] as string;
    const at = StringProto.indexOf(api, "#");
    const { 0: holder, 1: key } = holderOf(exports, api);
    const replacement = thrower(module, api, apis[api] as string, (holder as Exports | undefined)?.[key]);
    if (at < 0) replace(facade, key, replacement);
    else {
      const name = StringProto.slice(api, 0, at);
      methods[name] ??= objectCreate(null) as Exports;
      (methods[name] as Exports)[key] = replacement;
    }
  }
  const classes = objectKeys(methods);
  for (let i = 0; i < classes.length; i++) {
    const name = classes[i] as string;
    if (typeof exports[name] === "function") {
      replace(facade, name, facadeClass(exports[name] as object, methods[name] as Exports));
    }
  }
  return facade;
}
