import { FunctionProto, objectDefineProperty, reflectApply, reflectConstruct, SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { NativeProxy } from "./intrinsics.ts";
import { runtimeFunctions } from "./runtime-functions.ts";

/** Target and handler; both null once the proxy is revoked. */
export type ProxyDetails = [target: object | null, handler: object | null];

const tracked = new SafeWeakMap<object, ProxyDetails>();
const nativeLooks = new SafeWeakMap<object, string>();

/** Proxies of ours where Node has an object of C++, `process.env`: nobody is told that they are proxies. */
const standIns = new SafeWeakMap<object, true>();

export function standIn<T extends object>(proxy: T): T {
  standIns.set(proxy, true);
  return proxy;
}

export const isStandIn = (value: object): boolean => standIns.has(value);

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** Target and handler of a proxy; without V8's word for it, of one made through the tracked constructor. */
export function knownProxy(value: unknown): readonly [target: object | null, handler: object | null] | undefined {
  if (runtimeFunctions.proxyDetails) return runtimeFunctions.proxyDetails(value);
  return isObject(value) ? tracked.get(value) : undefined;
}

/** The same, where the native helper is there in its words. */
export const proxyDetails = (realm: Realm, value: unknown): readonly [unknown, unknown] | undefined =>
  realm.native ? realm.native.proxyDetails(value) : knownProxy(value);

/** The value is a proxy; without V8's word for it, one made through the tracked constructor. */
export const isKnownProxy = (value: object): boolean => runtimeFunctions.isProxy?.(value) ?? tracked.has(value);

/** What a proxy stands for, null once it is revoked; nothing for what is no proxy, as far as that can be told. */
export function proxyTarget(realm: Realm, value: object): object | null | undefined {
  if (standIns.has(value)) return undefined;
  const details = proxyDetails(realm, value);
  return details === undefined ? undefined : (details[0] as object | null);
}

/** Makes `Function.prototype.toString` show a function of ours as V8 shows a built-in. */
export function looksNative<F extends object>(fn: F, name: string): F {
  nativeLooks.set(fn, `function ${name}() { [native code] }`);
  return fn;
}

/**
 * V8 tells JavaScript nothing about proxies. Where neither the native helper nor V8's runtime functions are there, the global constructor is replaced by one that
 * remembers what it makes. It is itself a proxy over the real one, so name, length, the missing `prototype`, the
 * errors for bad arguments and for calls without `new` are V8's own.
 */
export function trackProxies(global: typeof globalThis): void {
  const construct = (_: object, args: unknown[], newTarget: NewableFunction): object => {
    const proxy: object = reflectConstruct(NativeProxy, args, newTarget);
    tracked.set(proxy, [args[0] as object, args[1] as object]);
    return proxy;
  };
  const nativeRevocable = NativeProxy.revocable;
  const { revocable } = {
    revocable(target: object, handler: ProxyHandler<object>) {
      const result = reflectApply(nativeRevocable, NativeProxy, [target, handler]) as {
        proxy: object;
        revoke: () => void;
      };
      const details: ProxyDetails = [target, handler];
      tracked.set(result.proxy, details);
      const nativeRevoke = result.revoke;
      const revoke = () => {
        details[0] = details[1] = null;
        nativeRevoke();
      };
      objectDefineProperty(revoke, "name", { value: "", configurable: true });
      result.revoke = looksNative(revoke, "");
      return result;
    },
  };
  hide(NativeProxy, "revocable", looksNative(revocable, "revocable"));
  const handler: ProxyHandler<typeof NativeProxy> = { construct };
  Object.setPrototypeOf(handler, null);
  hide(global, "Proxy", looksNative(new NativeProxy(NativeProxy, handler), "Proxy"));
}

/** Lets `Function.prototype.toString` show what `looksNative` marked, itself included, as V8 shows its own. */
export function disguiseToString(global: typeof globalThis): void {
  const disguised = {
    toString(this: unknown): string {
      if (typeof this === "function") {
        const look = nativeLooks.get(this);
        if (look !== undefined) return look;
      }
      return FunctionProto.toString(this as () => unknown);
    },
  };
  hide(global.Function.prototype, "toString", looksNative(disguised.toString, "toString"));
}

function hide(target: object, key: string, value: unknown): void {
  objectDefineProperty(target, key, { value, writable: true, enumerable: false, configurable: true });
}
