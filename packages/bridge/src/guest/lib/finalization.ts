import type { Unit } from "../loop-hooks.ts";
import { ArrayProto, reflectApply, reflectConstruct, SafeMap, SafeWeakMap, WeakRefProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { append, putHidden } from "./define.ts";
import { NativeProxy, NativeWeakRef } from "./intrinsics.ts";
import { looksNative } from "./proxies.ts";
import { type CollectionWatch, WeakWatch } from "./weak-watch.ts";

/** One registration: what its registry is told. */
interface Cell {
  readonly id: number;
  readonly held: unknown;
}

/** What a registry has, as long as it is alive itself. */
class Registry {
  readonly cleanup: (held: unknown) => void;
  readonly cells = new SafeMap<number, Cell>();
  /** By what `unregister` is called with. */
  readonly byToken = new SafeWeakMap<object, Cell[]>();
  readonly reference = new NativeWeakRef(this);

  constructor(cleanup: unknown) {
    this.cleanup = cleanup as (held: unknown) => void;
  }
}

const { keyFor } = Symbol;
const registries = new SafeWeakMap<object, Registry>();
/** By the watcher's number: a registry that does not live on for it, or a callback of ours. */
const watched = new SafeMap<number, WeakRef<object> | (() => void)>();
/** Set when the guest attaches: what the snapshot's maker registers is nobody's to hear of. */
let watcher: CollectionWatch | undefined;
let lastId = 0;

/** `CanBeHeldWeakly` of the specification. */
const isCollectable = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) ||
  typeof value === "function" ||
  (typeof value === "symbol" && keyFor(value) === undefined);

function watch(target: object, told: WeakRef<object> | (() => void)): number {
  lastId = (lastId + 1) | 0;
  watched.set(lastId, told);
  watcher?.watchTarget(target, lastId);
  return lastId;
}

/** Runs something once an object was collected, between callbacks of the loop. */
export function onCollected(target: object, run: () => void): void {
  if (watcher) watch(target, run);
}

function register(registry: Registry, target: object, held: unknown, token: unknown): void {
  const id = watch(target, registry.reference);
  const cell: Cell = { id, held };
  registry.cells.set(id, cell);
  if (token === undefined) return;
  const known = registry.byToken.get(token as object);
  if (known) append(known, cell);
  else registry.byToken.set(token as object, [cell]);
}

/** -> whether there was anything under the token that had not been told of */
function unregister(registry: Registry, token: object): boolean {
  const known = registry.byToken.get(token) ?? [];
  let removed = false;
  for (let i = 0; i < known.length; i++) {
    const { id } = known[i] as Cell;
    if (!registry.cells.has(id)) continue;
    removed = true;
    registry.cells.delete(id);
    watched.delete(id);
    watcher?.unwatchTarget(id);
  }
  registry.byToken.delete(token);
  return removed;
}

function tell(id: number): void {
  const told = watched.get(id);
  watched.delete(id);
  if (told === undefined) return;
  if (typeof told === "function") {
    told();
    return;
  }
  const registry = WeakRefProto.deref(told) as Registry | undefined;
  const cell = registry?.cells.get(id);
  registry?.cells.delete(id);
  if (registry && cell) reflectApply(registry.cleanup, undefined, [cell.held]);
}

/** What was collected and is not told yet, last first. */
let gone: number[] = [];
const telling: Unit = {
  run() {
    // What throws ends this callback; the rest is told in the next one.
    for (let id = ArrayProto.pop(gone); id !== undefined; id = ArrayProto.pop(gone)) tell(id as number);
  },
  frame: undefined,
};

function nextCleanup(): Unit | undefined {
  const more = watcher?.takeGone();
  if (more) gone = ArrayProto.concat(more, gone) as number[];
  return gone.length > 0 ? telling : undefined;
}

let restore: () => void = () => {};

/** Takes that back where this library stands in a context that is not its own. */
export function uninstallFinalization(): void {
  restore();
}

/**
 * Makes the callbacks of `FinalizationRegistry` run. V8 asks its embedder for a task to run them in, and a guest's are
 * never run (packages/core/native/weak.h). Constructor and methods become proxies of V8's, so that all they show and
 * refuse is V8's own.
 */
export function installFinalization(realm: Realm): void {
  const Native = realm.global.FinalizationRegistry;
  const prototype = Native.prototype as unknown as Record<string, (...args: never[]) => unknown>;
  const natives = { register: prototype["register"], unregister: prototype["unregister"] };
  const Tracked = proxied(Native, {
    construct(_, args, newTarget) {
      const made: object = reflectConstruct(Native, args, newTarget as NewableFunction);
      registries.set(made, new Registry(args[0]));
      return made;
    },
  });
  const overlay = (name: string, run: (registry: Registry, args: readonly unknown[]) => unknown, fits: Fits): void => {
    const original = prototype[name] as (...args: never[]) => unknown;
    const apply = (_: unknown, self: unknown, args: unknown[]): unknown => {
      const registry = watcher && registries.get(self as object);
      // V8 says what is wrong with a receiver or arguments that do not fit.
      return registry && fits(args) ? run(registry, args) : reflectApply(original, self, args as never[]);
    };
    putHidden(prototype, name, looksNative(proxied(original, { apply }), name));
  };
  overlay(
    "register",
    (registry, { 0: target, 1: held, 2: token }) => register(registry, target as object, held, token),
    fitsRegister,
  );
  overlay("unregister", (registry, { 0: token }) => unregister(registry, token as object), fitsUnregister);
  const { register: nativeRegister, unregister: nativeUnregister } = natives;
  restore = () => {
    putHidden(prototype, "register", nativeRegister);
    putHidden(prototype, "unregister", nativeUnregister);
    putHidden(prototype, "constructor", Native);
    putHidden(realm.global, "FinalizationRegistry", Native);
  };
  putHidden(prototype, "constructor", looksNative(Tracked, "FinalizationRegistry"));
  putHidden(realm.global, "FinalizationRegistry", Tracked);
  realm.onAttach(() => {
    watcher = realm.native ?? new WeakWatch();
    realm.loop.hooks.nextCleanup = nextCleanup;
  });
}

type Fits = (args: readonly unknown[]) => boolean;
const fitsRegister: Fits = ({ 0: target, 1: held, 2: token }) =>
  isCollectable(target) && target !== held && (token === undefined || isCollectable(token));
const fitsUnregister: Fits = ({ 0: token }) => isCollectable(token);

function proxied<T extends object>(target: T, handler: ProxyHandler<T>): T {
  return new NativeProxy(target, { __proto__: null, ...handler } as ProxyHandler<T>);
}
