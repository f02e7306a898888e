import { reflectApply, reflectGetPrototypeOf } from "../primordials.ts";
import { brands } from "./brands.ts";
import { ObjectPrototype } from "./intrinsics.ts";

const weakRefDeref = WeakRef.prototype.deref;
const arrayIteratorPrototype: object = Object.getPrototypeOf([].values());

/** Whether an object has state V8's format has no tag for, so that writing its properties would lose it. */
export const isUncloneable = (object: object): boolean =>
  typeof object === "function" ||
  brands.isPromise(object) ||
  brands.isWeakMap(object) ||
  brands.isWeakSet(object) ||
  brands.isMapIterator(object) ||
  brands.isSetIterator(object) ||
  brands.isGeneratorObject(object) ||
  brands.isArgumentsObject(object) ||
  brands.isModuleNamespaceObject(object) ||
  isOtherKind(object);

/** Array iterators and weak references, which have no brand of their own. */
function isOtherKind(object: object): boolean {
  const prototype: object | null = reflectGetPrototypeOf(object);
  if (prototype === null || prototype === ObjectPrototype) return false;
  if (prototype === arrayIteratorPrototype) return true;
  try {
    reflectApply(weakRefDeref, object, []);
    return true;
  } catch {
    return false;
  }
}
