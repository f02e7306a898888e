import { reflectApply, reflectGetPrototypeOf } from "../primordials.ts";
import type { brands } from "./brands.ts";
import { ObjectPrototype } from "./intrinsics.ts";
import { wasmKind } from "./wasm-objects.ts";

const weakRefDeref = WeakRef.prototype.deref;
const arrayIteratorPrototype: object = Object.getPrototypeOf([].values());

type Types = Readonly<Record<keyof typeof brands, (value: unknown) => boolean>>;

/** Whether an object has state V8's format has no tag for, so that writing its properties would lose it. */
export const isUncloneable = (object: object, types: Types): boolean =>
  typeof object === "function" ||
  object === globalThis ||
  types.isPromise(object) ||
  types.isWeakMap(object) ||
  types.isWeakSet(object) ||
  types.isMapIterator(object) ||
  types.isSetIterator(object) ||
  types.isGeneratorObject(object) ||
  types.isArgumentsObject(object) ||
  types.isModuleNamespaceObject(object) ||
  isOtherKind(object);

/** Array iterators, WebAssembly's objects and weak references, which have no brand of their own. */
function isOtherKind(object: object): boolean {
  const prototype: object | null = reflectGetPrototypeOf(object);
  if (prototype === null || prototype === ObjectPrototype) return false;
  if (prototype === arrayIteratorPrototype || wasmKind(object) !== undefined) return true;
  try {
    reflectApply(weakRefDeref, object, []);
    return true;
  } catch {
    return false;
  }
}
