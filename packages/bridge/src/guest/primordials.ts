/**
 * The built-ins as they were before any guest code ran. Everything under `guest/` reaches prototypes only through
 * these, so that a program that changes `Array.prototype.push` changes nothing of ours.
 */
const { ownKeys, getOwnPropertyDescriptor } = Reflect;

// `S` is the receiver: for a primitive's methods it differs from the prototype's own type.
type Methods<T, S = T> = {
  readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] extends (
    ...args: infer A
  ) => infer R
    ? (self: S, ...args: A) => R
    : never;
};

const { bind, call } = Function.prototype;
const uncurryThis = bind.bind(call) as unknown as <S, A extends unknown[], R>(
  fn: (this: S, ...args: A) => R,
) => (self: S, ...args: A) => R;

/** Every method of a prototype as a function that takes its receiver first. */
function methodsOf<T extends object, S = T>(prototype: T): Methods<T, S> {
  const methods: Record<PropertyKey, unknown> = { __proto__: null as never };
  for (const key of ownKeys(prototype)) {
    const value: unknown = getOwnPropertyDescriptor(prototype, key)?.value;
    if (typeof value === "function") methods[key] = uncurryThis(value as (this: unknown) => unknown);
  }
  return methods as Methods<T, S>;
}

/** A getter of a prototype as a function of its receiver. */
export function getterOf<R>(prototype: object, key: PropertyKey): (self: unknown) => R {
  const getter = getOwnPropertyDescriptor(prototype, key)?.get;
  if (!getter) throw new TypeError(`no getter ${String(key)}`);
  return uncurryThis(getter as (this: unknown) => R);
}

// TypeScript has no name for %TypedArray%; Uint8Array's methods stand for all of them.
const TypedArray = Object.getPrototypeOf(Uint8Array) as { readonly prototype: Uint8Array };

// Of an overloaded method the mapped type keeps the last signature only.
type StringMethods = Omit<Methods<typeof String.prototype, string>, "split"> & {
  split(self: string, separator: string, limit?: number): string[];
};

// Methods that change nothing take lists that may not be changed.
type ArrayMethods = Methods<readonly unknown[]> & Omit<Methods<unknown[]>, keyof (readonly unknown[])>;

export const ArrayProto: ArrayMethods = methodsOf<unknown[], readonly unknown[]>(Array.prototype);
export const StringProto = methodsOf<typeof String.prototype, string>(String.prototype) as unknown as StringMethods;
export const TypedArrayProto = methodsOf<Uint8Array>(TypedArray.prototype);
export const DataViewProto = methodsOf<DataView>(DataView.prototype);
export const ArrayBufferProto = methodsOf<ArrayBuffer>(ArrayBuffer.prototype);
export const MapProto = methodsOf<Map<unknown, unknown>>(Map.prototype);
export const SetProto = methodsOf<Set<unknown>>(Set.prototype);
export const WeakMapProto = methodsOf<WeakMap<object, unknown>>(WeakMap.prototype);
export const WeakSetProto = methodsOf<WeakSet<object>>(WeakSet.prototype);
export const DateProto = methodsOf<Date>(Date.prototype);
export const RegExpProto = methodsOf<RegExp>(RegExp.prototype);
export const ObjectProto = methodsOf<typeof Object.prototype, unknown>(Object.prototype);
export const FunctionProto = methodsOf<typeof Function.prototype, (...args: never[]) => unknown>(Function.prototype);
export const PromiseProto = methodsOf<Promise<unknown>>(Promise.prototype);
export const SymbolProto = methodsOf<typeof Symbol.prototype, symbol>(Symbol.prototype);
export const NumberProto = methodsOf<typeof Number.prototype, number>(Number.prototype);
export const BigIntProto = methodsOf<typeof BigInt.prototype, bigint>(BigInt.prototype);
export const BooleanProto = methodsOf<typeof Boolean.prototype, boolean>(Boolean.prototype);
export const ErrorProto = methodsOf(Error.prototype) as unknown as { readonly toString: (self: unknown) => string };
export const WeakRefProto = methodsOf<WeakRef<object>>(WeakRef.prototype);

export const typedArrayTag = getterOf<string | undefined>(TypedArray.prototype, Symbol.toStringTag);
export const typedArrayBuffer = getterOf<ArrayBufferLike>(TypedArray.prototype, "buffer");
export const typedArrayLength = getterOf<number>(TypedArray.prototype, "length");
export const typedArrayByteLength = getterOf<number>(TypedArray.prototype, "byteLength");
export const typedArrayByteOffset = getterOf<number>(TypedArray.prototype, "byteOffset");
export const dataViewBuffer = getterOf<ArrayBufferLike>(DataView.prototype, "buffer");
export const dataViewByteLength = getterOf<number>(DataView.prototype, "byteLength");
export const dataViewByteOffset = getterOf<number>(DataView.prototype, "byteOffset");
export const arrayBufferDetached = getterOf<boolean>(ArrayBuffer.prototype, "detached");
export const arrayBufferByteLength = getterOf<number>(ArrayBuffer.prototype, "byteLength");

let sharedByteLength: ((self: unknown) => number) | undefined;
/** V8 has no SharedArrayBuffer in a snapshot's context; the guest captures it when it attaches. */
export function sharedArrayBufferByteLength(self: unknown): number {
  sharedByteLength ??= getterOf<number>(SharedArrayBuffer.prototype, "byteLength");
  return sharedByteLength(self);
}
export const mapSize = getterOf<number>(Map.prototype, "size");
export const setSize = getterOf<number>(Set.prototype, "size");

const { defineProperty: nativeReflectDefineProperty } = Reflect;
const { defineProperty: nativeObjectDefineProperty } = Object;

export const {
  apply: reflectApply,
  construct: reflectConstruct,
  deleteProperty: reflectDeleteProperty,
  get: reflectGet,
  getOwnPropertyDescriptor: reflectGetOwnPropertyDescriptor,
  getPrototypeOf: reflectGetPrototypeOf,
  has: reflectHas,
  isExtensible: reflectIsExtensible,
  ownKeys: reflectOwnKeys,
  preventExtensions: reflectPreventExtensions,
  set: reflectSet,
  setPrototypeOf: reflectSetPrototypeOf,
} = Reflect;

export const {
  assign: objectAssign,
  create: objectCreate,
  entries: objectEntries,
  freeze: objectFreeze,
  getOwnPropertyDescriptor: objectGetOwnPropertyDescriptor,
  hasOwn: objectHasOwn,
  is: objectIs,
  isExtensible: objectIsExtensible,
  isFrozen: objectIsFrozen,
  isSealed: objectIsSealed,
  keys: objectKeys,
  setPrototypeOf: objectSetPrototypeOf,
} = Object;

/** `Object.defineProperty` with a descriptor of ours: nothing a program puts on Object.prototype joins in. */
export const objectDefineProperty = <T>(target: T, key: PropertyKey, descriptor: PropertyDescriptor): T =>
  nativeObjectDefineProperty(target, key, objectSetPrototypeOf(descriptor, null));
/** `Reflect.defineProperty` the same way. */
export const reflectDefineProperty = (target: object, key: PropertyKey, descriptor: PropertyDescriptor): boolean =>
  nativeReflectDefineProperty(target, key, objectSetPrototypeOf(descriptor, null));

export const { isArray: arrayIsArray, from: arrayFrom } = Array;
export const { isView: isArrayBufferView } = ArrayBuffer;
export const { fromCharCode: stringFromCharCode, fromCodePoint: stringFromCodePoint } = String;
export const {
  isInteger: numberIsInteger,
  isSafeInteger: numberIsSafeInteger,
  isNaN: numberIsNaN,
  isFinite: numberIsFinite,
} = Number;
export const {
  abs: mathAbs,
  ceil: mathCeil,
  clz32: mathClz32,
  floor: mathFloor,
  log: mathLog,
  log10: mathLog10,
  max: mathMax,
  min: mathMin,
  pow: mathPow,
  sqrt: mathSqrt,
  trunc: mathTrunc,
  round: mathRound,
} = Math;
export const { parse: jsonParse, stringify: jsonStringify } = JSON;
export const symbolToStringTag: typeof Symbol.toStringTag = Symbol.toStringTag;
export const symbolIterator: typeof Symbol.iterator = Symbol.iterator;

/** A `Map` whose methods cannot be changed by guest code. */
export class SafeMap<K, V> {
  readonly #map = new Map<unknown, unknown>();
  get(key: K): V | undefined {
    return MapProto.get(this.#map, key) as V | undefined;
  }
  set(key: K, value: V): this {
    MapProto.set(this.#map, key, value);
    return this;
  }
  has(key: K): boolean {
    return MapProto.has(this.#map, key);
  }
  delete(key: K): boolean {
    return MapProto.delete(this.#map, key);
  }
  get size(): number {
    return mapSize(this.#map);
  }
  forEach(visit: (value: V, key: K) => void): void {
    MapProto.forEach(this.#map, visit as (value: unknown, key: unknown) => void);
  }
}

/** A `WeakMap` whose methods cannot be changed by guest code. */
export class SafeWeakMap<K extends object, V> {
  readonly #map = new WeakMap<object, unknown>();
  get(key: K): V | undefined {
    return WeakMapProto.get(this.#map, key) as V | undefined;
  }
  set(key: K, value: V): this {
    WeakMapProto.set(this.#map, key, value);
    return this;
  }
  has(key: K): boolean {
    return WeakMapProto.has(this.#map, key);
  }
  delete(key: K): boolean {
    return WeakMapProto.delete(this.#map, key);
  }
}

/** A `Set` whose methods cannot be changed by guest code. */
export class SafeSet<T> {
  readonly #set = new Set<unknown>();
  add(value: T): this {
    SetProto.add(this.#set, value);
    return this;
  }
  has(value: T): boolean {
    return SetProto.has(this.#set, value);
  }
  delete(value: T): boolean {
    return SetProto.delete(this.#set, value);
  }
  forEach(visit: (value: T) => void): void {
    SetProto.forEach(this.#set, visit as (value: unknown) => void);
  }
}
