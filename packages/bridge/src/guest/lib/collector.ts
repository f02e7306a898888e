import {
  objectDefineProperty,
  RegExpProto,
  reflectApply,
  reflectDefineProperty,
  reflectGet,
  reflectSet,
  SafeWeakMap,
} from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { collectionsOf } from "./collections.ts";
import { dataDescriptor } from "./define.ts";
import { looksNative } from "./proxies.ts";

/** What collects, for contexts that are made from now on; nothing where they have no `gc`. */
const exposed = new SafeWeakMap<Realm, (() => void) | undefined>();
const FLAG = /^--(no[-_]?)?expose[-_]gc$/;

/**
 * V8's own `gc()`, which is there where the host set the flag, would have a task of the platform do what is to be done
 * later, and a guest's are never run.
 */
const collectorOf = (realm: Realm): (() => void) | undefined =>
  realm.native ? realm.native.collectGarbage : (realm.global as { readonly gc?: () => void }).gc;

/**
 * Takes `--expose-gc` and its opposite as `v8.setFlagsFromString()` does: contexts that are there keep what they have.
 * @returns whether this was the flag, and the native helper is there to collect
 */
export function takeCollectorFlag(realm: Realm, flag: string): boolean {
  const parts = RegExpProto.exec(FLAG, flag);
  if (!parts || !realm.native) return false;
  exposed.set(realm, parts[1] === undefined ? collectorOf(realm) : undefined);
  return true;
}

/** `--expose-gc` of the command line: the program's own context has it too. */
export function exposeCollector(realm: Realm): void {
  exposed.set(realm, collectorOf(realm));
  finishCollector(realm, realm.global);
}

/** The global `gc()` of a new context, and `gc({ execution: "async" })` that promises to have collected. */
export function finishCollector(realm: Realm, global: object): void {
  const collect = exposed.get(realm);
  if (collect === undefined) return;
  const gc = (options?: unknown): unknown => {
    collectionsOf(realm).asked(() => reflectApply(collect, undefined, []));
    const isAsync = typeof options === "object" && options !== null && reflectGet(options, "execution") === "async";
    return isAsync ? Promise.resolve() : undefined;
  };
  objectDefineProperty(gc, "name", dataDescriptor("gc", false, true));
  const isDefined = reflectDefineProperty(global, "gc", dataDescriptor(looksNative(gc, "gc"), true, true, false));
  // Of V8's own, which may have other attributes, the value is what counts.
  if (!isDefined) reflectSet(global, "gc", gc);
}
