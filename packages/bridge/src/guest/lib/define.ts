import { objectCreate, reflectDefineProperty, reflectGetPrototypeOf } from "../primordials.ts";

/** A data descriptor without a prototype, so that nothing a program puts on Object.prototype joins in. */
export function dataDescriptor(
  value: unknown,
  enumerable = true,
  writable = true,
  configurable = true,
): PropertyDescriptor {
  const descriptor = objectCreate(null) as PropertyDescriptor;
  descriptor.value = value;
  descriptor.enumerable = enumerable;
  descriptor.writable = writable;
  descriptor.configurable = configurable;
  return descriptor;
}

// Read and forgotten within one call, so one object serves all.
const own = dataDescriptor(undefined);
const hidden = dataDescriptor(undefined, false);

/** Gives an object an own, enumerable, writable property, past any setter it inherits and past `__proto__`. */
export function putOwn(target: object, key: PropertyKey, value: unknown): boolean {
  own.value = value;
  const done = reflectDefineProperty(target, key, own);
  own.value = undefined;
  return done;
}

/** The same, not enumerable. */
export function putHidden(target: object, key: PropertyKey, value: unknown): boolean {
  hidden.value = value;
  const done = reflectDefineProperty(target, key, hidden);
  hidden.value = undefined;
  return done;
}

const arrayPrototype = Array.prototype;
const objectPrototype = Object.prototype;

/**
 * Puts a value at the end of a list of ours; `push` would run a setter somebody put on Array.prototype. Where nothing
 * stands in the way of a plain assignment, that is what it is: it costs a thirtieth.
 */
export function append<T>(list: T[], value: T): number {
  const index = list.length;
  // Object.prototype itself inherits from nothing, for ever.
  const isPlain =
    reflectGetPrototypeOf(list) === arrayPrototype &&
    reflectGetPrototypeOf(arrayPrototype) === objectPrototype &&
    !(index in arrayPrototype);
  if (isPlain) list[index] = value;
  else putOwn(list, index, value);
  return index;
}
