import { SafeMap, SafeSet } from "../primordials.ts";

/** A context's global, and what stands for it in other contexts. */
export interface Shown {
  readonly raw: object;
  readonly shown: object;
}

/**
 * One context of `vm` in patch mode, seen from inside. V8 checks who touches a context's own global, and no code of
 * another context may: what programs get in its place is `shown`, a proxy.
 */
export interface World {
  readonly raw: object;
  /** The global of the main context, which code in here may not touch either, and the proxy it gets for it. */
  outer: Shown | undefined;
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
  /** Variables that were declared and have no value yet: the object gets them with their first. */
  readonly unset: SafeSet<string>;
  /** Names on the global for good, because those of the object are: their accessors. */
  readonly fixed: SafeSet<string>;
  /** Names a script declared for good: V8 lets nobody take them off the global again. */
  readonly pinned: SafeMap<string, unknown>;
  /** A script that says "use strict" is running. */
  strict: boolean;
  /** Whether the code that runs right now is strict, as far as call sites tell. */
  isStrictCode: () => boolean;
  depth: number;
}

export const newWorld = (raw: object, base: object | null): World => ({
  raw,
  outer: undefined,
  target: undefined,
  shown: raw,
  base,
  builtins: new SafeMap(),
  shadowed: new SafeMap(),
  lent: new SafeSet(),
  unset: new SafeSet(),
  fixed: new SafeSet(),
  pinned: new SafeMap(),
  strict: false,
  isStrictCode: () => false,
  depth: 0,
});

/** The context's own global never leaves it where that can be seen. */
export const outward = (world: World, value: unknown): unknown => (value === world.raw ? world.shown : value);
/** Inside, the object a context was made of is its global (`PropertyGetterCallback` of src/node_contextify.cc). */
export function inward({ target, shown, outer }: World, value: unknown): unknown {
  if (target !== undefined && value === target) return shown;
  return outer !== undefined && value === outer.raw ? outer.shown : value;
}
