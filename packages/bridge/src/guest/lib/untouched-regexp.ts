import { objectDefineProperty, objectSetPrototypeOf } from "../primordials.ts";

const Native = RegExp;
/** `RegExp.prototype` as it was at start, reached by nobody. */
const prototype = Object.create(null, Object.getOwnPropertyDescriptors(Native.prototype)) as object;

/**
 * `RegExp` of a context nobody else has, as far as programs can tell: what it makes runs through the methods as they were
 * at start. Its matches do show in the legacy properties (`RegExp.$1`) of the main one.
 */
function UntouchedRegExp(pattern: string | RegExp, flags?: string): RegExp {
  return objectSetPrototypeOf(new Native(pattern, flags), prototype) as RegExp;
}
objectSetPrototypeOf(UntouchedRegExp, null);
objectDefineProperty(UntouchedRegExp, "prototype", { value: prototype });
objectDefineProperty(UntouchedRegExp, Symbol.species, { value: UntouchedRegExp });
objectDefineProperty(prototype, "constructor", { value: UntouchedRegExp });

/** What the library takes from a global of its own, where no context can be made for it. */
export const untouchedGlobal: object = { __proto__: null, RegExp: UntouchedRegExp } as object;
