import { ArrayProto, objectIs, reflectGet, reflectSet, SafeWeakMap, WeakRefProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { append } from "./define.ts";
import { NativeWeakRef } from "./intrinsics.ts";

/** A promise that was rejected before the program's eyes, and what held at that time. */
interface Rejection {
  readonly promise: WeakRef<object>;
  readonly domain: unknown;
  readonly frame: unknown;
}

/** As many rejections are remembered whose reason is no object. */
const MOST = 8;

const ofObjects = new SafeWeakMap<object, Rejection>();
const ofOthers: { readonly reason: unknown; readonly rejection: Rejection }[] = [];

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** `process.domain`: there once the program has asked for the module. */
const domainOf = ({ process }: Realm): unknown => reflectGet(process, "domain");

/**
 * Without the native helper an unhandled rejection is told by its reason alone, afterwards. While promises are followed
 * that reason leads back to the promise.
 */
export function rememberRejection(realm: Realm, promise: object, reason: unknown): void {
  const frame = realm.loop.hooks.getFrame();
  const rejection: Rejection = { promise: new NativeWeakRef(promise), domain: domainOf(realm), frame };
  if (isObject(reason)) {
    ofObjects.set(reason, rejection);
    return;
  }
  if (ofOthers.length === MOST) ArrayProto.shift(ofOthers as unknown[]);
  append(ofOthers, { reason, rejection });
}

function recall(reason: unknown): Rejection | undefined {
  if (isObject(reason)) return ofObjects.get(reason);
  for (let i = ofOthers.length - 1; i >= 0; i--) {
    const one = ofOthers[i];
    if (one && objectIs(one.reason, reason)) return one.rejection;
  }
  return undefined;
}

/**
 * Tells of an unhandled rejection as when it came about: with its promise, in its domain and async context.
 * @returns whether it was remembered
 */
export function tellAsThen(realm: Realm, reason: unknown, tell: (promise: object) => void): boolean {
  const rejection = recall(reason);
  const promise = rejection && WeakRefProto.deref(rejection.promise);
  if (promise === undefined) return false;
  const { hooks } = realm.loop;
  const frame = hooks.getFrame();
  const domain = domainOf(realm);
  hooks.setFrame(rejection?.frame);
  if (rejection?.domain !== domain) reflectSet(realm.process, "domain", rejection?.domain);
  try {
    tell(promise);
  } finally {
    if (rejection?.domain !== domain) reflectSet(realm.process, "domain", domain);
    hooks.setFrame(frame);
  }
  return true;
}
