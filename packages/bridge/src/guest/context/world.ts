import { SafeMap, SafeSet } from "../primordials.ts";

/**
 * One context of `vm` in patch mode, seen from inside. V8 checks who touches a context's own global, and no code of
 * another context may: what programs get in its place is `shown`, a proxy.
 */
export interface World {
  readonly raw: object;
  /** The object the context was made of; nothing for one that has a global of its own (`DONT_CONTEXTIFY`). */
  target: object | undefined;
  shown: object;
  /** What the global inherits from, as programs see it. */
  base: object | null;
  /** Names V8 put on the global, and the value each has there. */
  readonly builtins: SafeMap<string, unknown>;
  /** Built-ins taken off the global because `target` has a property of that name. */
  readonly shadowed: SafeMap<string, PropertyDescriptor>;
  /** Names that stand on the global for the time of a run, so that declarations find them. */
  readonly lent: SafeSet<string>;
  /** Names a script declared for good: V8 lets nobody take them off the global again. */
  readonly pinned: SafeMap<string, unknown>;
  /** A script that says "use strict" is running. */
  strict: boolean;
  depth: number;
}

export const newWorld = (raw: object, base: object | null): World => ({
  raw,
  target: undefined,
  shown: raw,
  base,
  builtins: new SafeMap(),
  shadowed: new SafeMap(),
  lent: new SafeSet(),
  pinned: new SafeMap(),
  strict: false,
  depth: 0,
});

/** The context's own global never leaves it where that can be seen. */
export const outward = (world: World, value: unknown): unknown => (value === world.raw ? world.shown : value);
/** Inside, the object a context was made of is its global (`PropertyGetterCallback` of src/node_contextify.cc). */
export const inward = (world: World, value: unknown): unknown => (value === world.target ? world.shown : value);
