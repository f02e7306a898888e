import { dataDescriptor } from "../lib/define.ts";
import { NativeReferenceError, NativeTypeError, ToString } from "../lib/intrinsics.ts";
import {
  reflectDefineProperty,
  reflectDeleteProperty,
  reflectGet,
  reflectGetOwnPropertyDescriptor,
  reflectGetPrototypeOf,
  reflectHas,
  reflectSet,
} from "../primordials.ts";
import { inward, outward, type World } from "./world.ts";

/** A property of the global itself, past what only stands there for the time of a run. */
export function ownOfGlobal(world: World, key: PropertyKey): PropertyDescriptor | undefined {
  if (typeof key === "string") {
    if (world.unset.has(key)) return { value: undefined, writable: true, enumerable: true, configurable: true };
    if (world.lent.has(key) || world.fixed.has(key)) return undefined;
    const shadowed = world.shadowed.get(key);
    if (shadowed) return shadowed;
  }
  return reflectGetOwnPropertyDescriptor(world.raw, key);
}

/** The nearest property of that name of an object or of what it inherits from. */
function findProperty(object: object, key: PropertyKey): PropertyDescriptor | undefined {
  for (let from: object | null = object; from !== null; from = reflectGetPrototypeOf(from)) {
    const found = reflectGetOwnPropertyDescriptor(from, key);
    if (found) return found;
  }
  return undefined;
}

/** A built-in makes way for a property of the object the context was made of. */
export function shadow(world: World, key: PropertyKey): void {
  if (typeof key !== "string" || !world.builtins.has(key)) return;
  const own = reflectGetOwnPropertyDescriptor(world.raw, key);
  if (own?.configurable && reflectDeleteProperty(world.raw, key)) world.shadowed.set(key, own);
}

/** `PropertyGetterCallback` of src/node_contextify.cc. */
export function getProperty(world: World, key: PropertyKey, receiver: unknown): unknown {
  const { target } = world;
  if (target && reflectHas(target, key)) return inward(world, reflectGet(target, key));
  const own = ownOfGlobal(world, key);
  if (own) return "value" in own ? outward(world, own.value) : reflectGet(world.raw, key, receiver);
  return world.base === null ? undefined : reflectGet(world.base, key, receiver);
}

/** Whether code finds a variable of that name: those an object inherits are variables, too. */
export const hasVariable = (world: World, key: PropertyKey): boolean =>
  (world.target !== undefined && reflectHas(world.target, key)) || hasProperty(world, key);

/** `PropertyQueryCallback`: what the object inherits is no property of the global. */
export const hasProperty = (world: World, key: PropertyKey): boolean =>
  (world.target !== undefined && reflectGetOwnPropertyDescriptor(world.target, key) !== undefined) ||
  ownOfGlobal(world, key) !== undefined ||
  (world.base !== null && reflectHas(world.base, key));

/**
 * `PropertySetterCallback` of src/node_contextify.cc.
 * @param isName code gave it to a bare name: strict code may do that to what is declared only
 * @returns whether it was taken
 */
export function setProperty(world: World, key: PropertyKey, value: unknown, isName: boolean): boolean {
  const { target, raw } = world;
  const own = ownOfGlobal(world, key);
  if (!target) return setOwn(world, own, key, value, isName);
  const found = findProperty(target, key);
  if (own?.writable === false || found?.writable === false) {
    if (!isName) {
      if (world.isStrictCode()) throw cannotRedefine(key);
      return false;
    }
    if (!world.strict) return false;
    throw new NativeTypeError(`Cannot assign to read only property '${ToString(key)}' of object '#<Object>'`);
  }
  if (!own && !found) {
    if (isName && world.strict && typeof value !== "function") throw notDefined(key);
    if (typeof key === "symbol") return reflectDefineProperty(raw, key, dataDescriptor(value));
  }
  if (typeof key === "string") world.unset.delete(key);
  reflectSet(target, key, outward(world, value));
  if (own) shadow(world, key);
  return true;
}

const notDefined = (key: PropertyKey): Error => new NativeReferenceError(`${ToString(key)} is not defined`);

/** A global of its own is an ordinary object. */
function setOwn(
  world: World,
  own: PropertyDescriptor | undefined,
  key: PropertyKey,
  value: unknown,
  isName: boolean,
): boolean {
  const { raw, base } = world;
  if (own) return reflectSet(raw, key, value);
  const inherited = base && findProperty(base, key);
  if (inherited?.set) return reflectSet(base as object, key, value, world.shown);
  if (inherited && inherited.writable !== true) return false;
  if (!inherited && isName && world.strict) throw notDefined(key);
  return reflectDefineProperty(raw, key, dataDescriptor(value));
}

/** `PropertyDeleterCallback`. */
export function deleteProperty(world: World, key: PropertyKey): boolean {
  const { target, raw } = world;
  if (target && !reflectDeleteProperty(target, key)) return false;
  if (typeof key === "string") {
    world.shadowed.delete(key);
    world.unset.delete(key);
  }
  return reflectDeleteProperty(raw, key);
}

/** `PropertyDefinerCallback`. */
export function defineProperty(world: World, key: PropertyKey, descriptor: PropertyDescriptor): boolean {
  const { target, raw } = world;
  const own = ownOfGlobal(world, key);
  if (!target || (own?.writable === false && !own.configurable)) return reflectDefineProperty(raw, key, descriptor);
  if ("value" in descriptor) descriptor.value = outward(world, descriptor.value);
  const done = reflectDefineProperty(target, key, descriptor);
  if (done) shadow(world, key);
  return done;
}

/** V8 says so where a proxy says "trap returned falsish". */
export const cannotRedefine = (key: PropertyKey): Error =>
  new NativeTypeError(`Cannot redefine property: ${ToString(key)}`);

/** `PropertyDescriptorCallback`. */
export function describeProperty(world: World, key: PropertyKey): PropertyDescriptor | undefined {
  const { target } = world;
  const found = target && reflectGetOwnPropertyDescriptor(target, key);
  const descriptor = found ?? ownOfGlobal(world, key);
  if (descriptor && "value" in descriptor) descriptor.value = inward(world, outward(world, descriptor.value));
  return descriptor;
}
