import {
  BigIntProto,
  BooleanProto,
  DateProto,
  dataViewBuffer,
  FunctionProto,
  getterOf,
  mapSize,
  NumberProto,
  ObjectProto,
  reflectApply,
  reflectDefineProperty,
  reflectDeleteProperty,
  reflectGetOwnPropertyDescriptor,
  reflectGetPrototypeOf,
  reflectIsExtensible,
  SafeWeakMap,
  StringProto,
  SymbolProto,
  setSize,
  sharedArrayBufferByteLength,
  symbolToStringTag,
  typedArrayTag,
  WeakMapProto,
  WeakSetProto,
} from "../primordials.ts";
import { dataDescriptor } from "./define.ts";
import { isExternalStandIn } from "./external.ts";
import { ArrayPrototype, FunctionPrototype, ObjectPrototype } from "./intrinsics.ts";
import { isKnownProxy } from "./proxies.ts";
import { runtimeFunctions } from "./runtime-functions.ts";

type Brand = (value: unknown) => boolean;

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** Objects nobody can have made with another kind's internal slots in practice; saves a thrown error per probe. */
function isPlain(value: object): boolean {
  if (isKnownProxy(value)) return true;
  const prototype = reflectGetPrototypeOf(value);
  return prototype === ObjectPrototype || prototype === ArrayPrototype || prototype === FunctionPrototype;
}

/** A probe that reads an internal slot and throws where it is missing. It must have no side effect. */
const slot =
  (probe: (value: never) => unknown): Brand =>
  (value) => {
    if (typeof value !== "object" || value === null || isPlain(value)) return false;
    try {
      probe(value as never);
      return true;
    } catch {
      return false;
    }
  };

const prototypeOf = (value: object): object => reflectGetPrototypeOf(value) as object;
const mapIteratorPrototype = prototypeOf(new Map().entries());
const setIteratorPrototype = prototypeOf(new Set().values());
const generatorPrototype = prototypeOf(prototypeOf((function* () {})()));
const asyncGeneratorPrototype = prototypeOf(prototypeOf((async function* () {})()));
const asyncFunctionPrototype = prototypeOf(async () => {});
const generatorFunctionPrototype = prototypeOf(function* () {});
const asyncGeneratorFunctionPrototype = prototypeOf(async function* () {});
const errorPrototype: object = Error.prototype;
const promisePrototype: object = Promise.prototype;
const promiseResolve = Promise.resolve;
const regExpPrototype: object = RegExp.prototype;
const regExpSource = getterOf<string>(RegExp.prototype, "source");
const arrayBufferLength = getterOf<number>(ArrayBuffer.prototype, "byteLength");
const probeKey = {};

/** Prototypes of other contexts of `vm`, by what stands for them here. */
const relatives = new SafeWeakMap<object, object>();

/** A context of `vm` was made: its objects are of the kinds that ours are. @param theirs its `kindPrototypes()` */
export function addRelatives(theirs: readonly object[]): void {
  const ours = kindPrototypes();
  for (let i = 0; i < ours.length; i++) relatives.set(theirs[i] as object, ours[i] as object);
}

/** The prototype that stands for this one here. */
const native = (prototype: object | null): object | null => (prototype && relatives.get(prototype)) ?? prototype;

/** Walks the prototypes without running traps of proxies we know. */
function inherits(value: object, ancestor: object): boolean {
  let current: object | null = value;
  for (let steps = 0; current !== null && steps < 1000; steps++) {
    if (isKnownProxy(current)) return false;
    current = reflectGetPrototypeOf(current);
    if (native(current) === ancestor) return true;
  }
  return false;
}

function hasTag(value: object): boolean {
  let current: object | null = value;
  while (current !== null && !isKnownProxy(current)) {
    if (reflectGetOwnPropertyDescriptor(current, symbolToStringTag) !== undefined) return true;
    current = reflectGetPrototypeOf(current);
  }
  return current !== null;
}

/**
 * The tag V8 gives an object by its kind ("Error", "Arguments", ...), whatever `Symbol.toStringTag` says. A tag in the
 * way is covered for the moment by an own one that is no string, which `Object.prototype.toString` skips.
 */
function builtinTag(value: object): string | undefined {
  if (isKnownProxy(value)) return undefined;
  if (!hasTag(value)) return ObjectProto.toString(value);
  const own = reflectGetOwnPropertyDescriptor(value, symbolToStringTag);
  if (own ? !own.configurable : !reflectIsExtensible(value)) return undefined;
  reflectDefineProperty(value, symbolToStringTag, dataDescriptor(undefined, false));
  try {
    return ObjectProto.toString(value);
  } finally {
    if (own) reflectDefineProperty(value, symbolToStringTag, own);
    else reflectDeleteProperty(value, symbolToStringTag);
  }
}

function isNativeError(value: unknown): boolean {
  if (typeof value !== "object" || value === null || isKnownProxy(value)) return false;
  const likely = reflectGetOwnPropertyDescriptor(value, "stack") !== undefined || inherits(value, errorPrototype);
  if (!likely) return false;
  const tag = builtinTag(value);
  return tag === undefined ? inherits(value, errorPrototype) : tag === "[object Error]";
}

function isArgumentsObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null || isKnownProxy(value)) return false;
  // Only arguments objects have an own `callee` in practice; asked first to leave other objects alone.
  const likely = reflectGetOwnPropertyDescriptor(value, "callee") !== undefined || !hasTag(value);
  return likely && builtinTag(value) === "[object Arguments]";
}

/** `Promise.resolve` on a constructor of ours gives back exactly the promises that name it as their constructor. */
function isPromise(value: unknown): boolean {
  const known = runtimeFunctions.isPromise?.(value);
  if (known !== undefined) return known;
  if (typeof value !== "object" || value === null || isKnownProxy(value)) return false;
  if (!inherits(value, promisePrototype)) return false;
  if (reflectGetOwnPropertyDescriptor(value, "constructor") !== undefined || !reflectIsExtensible(value)) return true;
  const marker = function Marker() {
    throw probeKey;
  };
  reflectDefineProperty(value, "constructor", dataDescriptor(marker, false));
  try {
    return reflectApply(promiseResolve, marker, [value]) === value;
  } catch {
    return false;
  } finally {
    reflectDeleteProperty(value, "constructor");
  }
}

function functionOfKind(value: unknown, start: string, first: object, second: object): boolean {
  if (typeof value !== "function" || isKnownProxy(value)) return false;
  const prototype = native(reflectGetPrototypeOf(value));
  if (prototype !== first && prototype !== second) return false;
  const source = FunctionProto.toString(value as () => unknown);
  // A bound function shares its target's prototype but is none of these kinds.
  return start === "" ? source !== "function () { [native code] }" : StringProto.startsWith(source, start);
}

/** The object a generator function creates, not the prototype object the function carries. */
function isGeneratorObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null || isKnownProxy(value)) return false;
  const prototype = native(reflectGetPrototypeOf(value));
  if (prototype === null || prototype === generatorPrototype || prototype === asyncGeneratorPrototype) return false;
  return inherits(value, generatorPrototype) || inherits(value, asyncGeneratorPrototype);
}

function isModuleNamespaceObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null || isKnownProxy(value)) return false;
  if (reflectGetPrototypeOf(value) !== null || reflectIsExtensible(value)) return false;
  const tag = reflectGetOwnPropertyDescriptor(value, symbolToStringTag);
  return tag !== undefined && tag.value === "Module" && tag.configurable === false && tag.writable === false;
}

function isRegExp(value: unknown): boolean {
  // The `source` getter answers for RegExp.prototype too, which is no regular expression.
  return value !== regExpPrototype && hasSource(value);
}

const hasSource = slot((value) => regExpSource(value));
const iteratorOf =
  (prototype: object): Brand =>
  (value) =>
    typeof value === "object" && value !== null && value !== prototype && inherits(value, prototype);

const isArrayBuffer = slot((value) => arrayBufferLength(value));
const isSharedArrayBuffer = slot((value) => sharedArrayBufferByteLength(value));
const isNumberObject = slot((value) => NumberProto.valueOf(value));
const isStringObject = slot((value) => StringProto.valueOf(value));
const isBooleanObject = slot((value) => BooleanProto.valueOf(value));
const isBigIntObject = slot((value) => BigIntProto.valueOf(value));
const isSymbolObject = slot((value) => SymbolProto.valueOf(value));

/** The prototypes that tell kinds where no slot does. A context of `vm` has the same, in this order. */
export const kindPrototypes = (): readonly object[] => [
  mapIteratorPrototype,
  setIteratorPrototype,
  generatorPrototype,
  asyncGeneratorPrototype,
  asyncFunctionPrototype,
  generatorFunctionPrototype,
  asyncGeneratorFunctionPrototype,
  errorPrototype,
  promisePrototype,
];

/** Every function of `internalBinding('types')`, told from internal slots as far as JavaScript can see them. */
export const brands = {
  isArgumentsObject,
  isArrayBuffer,
  isAsyncFunction: (value: unknown) =>
    functionOfKind(value, "async", asyncFunctionPrototype, asyncGeneratorFunctionPrototype),
  isBigIntObject,
  isBooleanObject,
  isDataView: slot((value) => dataViewBuffer(value)),
  isDate: slot((value) => DateProto.getTime(value)),
  isExternal: isExternalStandIn,
  isGeneratorFunction: (value: unknown) =>
    functionOfKind(value, "", generatorFunctionPrototype, asyncGeneratorFunctionPrototype),
  isGeneratorObject,
  isMap: slot((value) => mapSize(value)),
  isMapIterator: iteratorOf(mapIteratorPrototype),
  isModuleNamespaceObject,
  isNativeError,
  isNumberObject,
  isPromise,
  isProxy: (value: unknown) => isObject(value) && isKnownProxy(value),
  isRegExp,
  isSet: slot((value) => setSize(value)),
  isSetIterator: iteratorOf(setIteratorPrototype),
  isSharedArrayBuffer,
  isStringObject,
  isSymbolObject,
  isWeakMap: slot((value) => WeakMapProto.has(value, probeKey)),
  isWeakSet: slot((value) => WeakSetProto.has(value, probeKey)),
  isAnyArrayBuffer: (value: unknown) => isArrayBuffer(value) || isSharedArrayBuffer(value),
  isBoxedPrimitive: (value: unknown) =>
    isNumberObject(value) ||
    isStringObject(value) ||
    isBooleanObject(value) ||
    isBigIntObject(value) ||
    isSymbolObject(value),
} as const satisfies Record<string, Brand>;

export type BrandName = keyof typeof brands;

/** The value is a view on an array buffer of this kind ("Uint8Array", ...). */
export const isTypedArrayKind = (value: unknown, kind: string): boolean => typedArrayTag(value) === kind;
