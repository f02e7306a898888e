import { dataDescriptor } from "../lib/define.ts";
import {
  ArrayProto,
  objectIs,
  reflectDefineProperty,
  reflectDeleteProperty,
  reflectGet,
  reflectGetOwnPropertyDescriptor,
  reflectHas,
  reflectOwnKeys,
  reflectSet,
} from "../primordials.ts";
import { getProperty, setProperty, shadow } from "./properties.ts";
import { outward, type World } from "./world.ts";

/** Names a run will declare with `var`, and names it will delete. */
export interface Names {
  readonly declared: readonly string[];
  readonly deleted: readonly string[];
  readonly strict: boolean;
}

function lend(world: World, name: string, enumerable: boolean, configurable = true): void {
  if (reflectGetOwnPropertyDescriptor(world.raw, name) !== undefined) return;
  const lent = reflectDefineProperty(world.raw, name, {
    get: () => getProperty(world, name, world.raw),
    set: (value) => {
      setProperty(world, name, value, true);
    },
    enumerable,
    configurable,
  });
  if (lent) (configurable ? world.lent : world.fixed).add(name);
}

/** Built-ins make way for properties of the object that have come, and come back for those that have gone. */
function shadowBuiltins(world: World, target: object): void {
  const { builtins, shadowed, raw } = world;
  builtins.forEach((_, name) => {
    const isShadowed = shadowed.has(name);
    if (reflectHas(target, name) === isShadowed) return;
    if (isShadowed) {
      reflectDefineProperty(raw, name, shadowed.get(name) as PropertyDescriptor);
      shadowed.delete(name);
    } else shadow(world, name);
  });
}

/** What strict code may not assign to must stand on the global: V8 then says so. */
function lendReadOnly(world: World, target: object): void {
  const keys = reflectOwnKeys(target);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof key !== "string" || reflectGetOwnPropertyDescriptor(world.raw, key)) continue;
    const descriptor = reflectGetOwnPropertyDescriptor(target, key);
    if (descriptor?.writable !== false) continue;
    descriptor.configurable = true;
    if (reflectDefineProperty(world.raw, key, descriptor)) world.lent.add(key);
  }
}

/** Before a script runs. */
export function begin(world: World, { declared, deleted, strict }: Names): void {
  const { target, raw, pinned } = world;
  world.depth++;
  world.strict = strict;
  if (!target) return;
  shadowBuiltins(world, target);
  pinned.forEach((_, name) => {
    const value = reflectGet(target, name);
    pinned.set(name, value);
    reflectSet(raw, name, value);
  });
  if (strict) lendReadOnly(world, target);
  for (let i = 0; i < declared.length; i++) {
    const name = declared[i] as string;
    // V8 keeps a variable of a script that the script itself tries to delete.
    if (ArrayProto.includes(deleted, name)) continue;
    if (!reflectHas(target, name)) world.unset.add(name);
    lend(world, name, true);
  }
  for (let i = 0; i < deleted.length; i++) {
    const name = deleted[i] as string;
    if (ArrayProto.includes(declared, name)) continue;
    const own = reflectGetOwnPropertyDescriptor(target, name);
    if (own) lend(world, name, own.enumerable === true, own.configurable);
  }
}

/** A name that was lent and is there no longer was deleted by the script. @returns whether that was so */
export function noticeDeletion(world: World, key: PropertyKey): boolean {
  const { target, raw, lent } = world;
  if (typeof key !== "string" || !lent.has(key) || reflectGetOwnPropertyDescriptor(raw, key)) return false;
  lent.delete(key);
  return target !== undefined && reflectDeleteProperty(target, key);
}

/** What a script declared goes to the program's object, where its other properties are. */
function collect(world: World, target: object, name: string, own: PropertyDescriptor): void {
  if ("value" in own) reflectSet(target, name, outward(world, own.value));
  else reflectDefineProperty(target, name, own);
  if (own.configurable) {
    reflectDeleteProperty(world.raw, name);
    world.lent.delete(name);
    if (world.depth > 0) lend(world, name, own.enumerable === true);
  } else world.pinned.set(name, own.value);
}

function takeBack(world: World, target: object, name: string): void {
  const { raw, lent, depth } = world;
  if (noticeDeletion(world, name)) return;
  const own = reflectGetOwnPropertyDescriptor(raw, name);
  if (own && depth === 0) {
    lent.delete(name);
    if (own.writable === true) collect(world, target, name, own);
    else reflectDeleteProperty(raw, name);
  }
}

function collectBuiltin(world: World, target: object, name: string, own: PropertyDescriptor): void {
  if (objectIs(own.value, world.builtins.get(name))) return;
  reflectSet(target, name, outward(world, own.value));
  shadow(world, name);
}

/** After a script has run. */
export function end(world: World): void {
  const { target, lent } = world;
  world.depth--;
  world.strict = false;
  if (!target) return;
  lent.forEach((name) => {
    takeBack(world, target, name);
  });
  settle(world);
}

/** What was declared on the global so far goes to the program's object. */
export function settle(world: World): void {
  const { target, raw, lent, fixed, builtins, pinned } = world;
  if (!target) return;
  const keys = reflectOwnKeys(raw);
  for (let i = 0; i < keys.length; i++) {
    const name = keys[i];
    if (typeof name !== "string" || fixed.has(name)) continue;
    const own = reflectGetOwnPropertyDescriptor(raw, name) as PropertyDescriptor;
    // A function takes the place of a variable's accessor.
    if (lent.has(name) && own.writable !== true) continue;
    if (builtins.has(name)) collectBuiltin(world, target, name, own);
    else if (!pinned.has(name)) collect(world, target, name, own);
    else if (!objectIs(own.value, pinned.get(name))) {
      pinned.set(name, own.value);
      reflectSet(target, name, outward(world, own.value));
    }
  }
}

/** The value of a property is the very global: a built-in of its own. */
export const showGlobal = (world: World): boolean =>
  reflectDefineProperty(world.raw, "globalThis", dataDescriptor(world.shown, false));
