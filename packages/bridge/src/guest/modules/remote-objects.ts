import { brands } from "../lib/brands.ts";
import { constructorName } from "../lib/inspection.ts";
import { noSideEffectsToString } from "../lib/no-side-effects.ts";
import {
  arrayIsArray,
  jsonStringify,
  numberIsFinite,
  objectIs,
  SafeMap,
  SymbolProto,
  typedArrayTag,
} from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** `Runtime.RemoteObject` of V8's inspector protocol, as far as it is filled in here. */
interface RemoteObject {
  readonly type: string;
  readonly subtype?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly className?: string;
  readonly description?: string;
  readonly objectId?: string;
}

const SUBTYPES: readonly (readonly [subtype: string, test: (value: unknown) => boolean])[] = [
  ["proxy", brands.isProxy],
  ["array", arrayIsArray],
  ["regexp", brands.isRegExp],
  ["date", brands.isDate],
  ["map", brands.isMap],
  ["set", brands.isSet],
  ["weakmap", brands.isWeakMap],
  ["weakset", brands.isWeakSet],
  ["iterator", brands.isMapIterator],
  ["iterator", brands.isSetIterator],
  ["generator", brands.isGeneratorObject],
  ["error", brands.isNativeError],
  ["promise", brands.isPromise],
  ["typedarray", (value) => typedArrayTag(value) !== undefined],
  ["arraybuffer", brands.isAnyArrayBuffer],
  ["dataview", brands.isDataView],
];

function subtypeOf(value: object): string | undefined {
  for (let i = 0; i < SUBTYPES.length; i++) {
    // By index: array patterns ask Array.prototype for its iterator, which a program may have taken away.
    const kind = SUBTYPES[i] as (typeof SUBTYPES)[number];
    if (kind[1](value)) return kind[0];
  }
  return undefined;
}

/** So many objects a session can still name. */
const MOST_KEPT = 64;

/** Values that were told of, by the identifier they were told with; the newest ones. */
export class RemoteObjects {
  readonly #realm: Realm;
  readonly #kept = new SafeMap<string, { readonly value: unknown; readonly context: number }>();
  #last = 0;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  get(objectId: unknown): { readonly value: unknown; readonly context: number } | undefined {
    return typeof objectId === "string" ? this.#kept.get(objectId) : undefined;
  }

  #keep(value: unknown, context: number): string {
    const id = ++this.#last;
    this.#kept.delete(`1.${id - MOST_KEPT}`);
    this.#kept.set(`1.${id}`, { value, context });
    return `1.${id}`;
  }

  describe(value: unknown, context: number): RemoteObject {
    const type = typeof value;
    switch (typeof value) {
      case "undefined":
        return { type };
      case "string":
      case "boolean":
        return { type, value };
      case "number": {
        const description = objectIs(value, -0) ? "-0" : `${value}`;
        if (!numberIsFinite(value) || description === "-0")
          return { type, unserializableValue: description, description };
        return { type, value, description };
      }
      case "bigint":
        return { type, unserializableValue: `${value}n`, description: `${value}n` };
      case "symbol":
        return { type, description: SymbolProto.toString(value), objectId: this.#keep(value, context) };
      default:
        return this.#describeObject(value as object | null, context);
    }
  }

  #describeObject(value: object | null, context: number): RemoteObject {
    if (value === null) return { type: "object", subtype: "null", value };
    const className = constructorName(value, this.#realm);
    const isError = brands.isNativeError(value);
    const isText = isError || typeof value === "function";
    const description = isText ? noSideEffectsToString(value, this.#realm) : className;
    const objectId = this.#keep(value, context);
    const subtype = typeof value === "object" ? subtypeOf(value) : undefined;
    return { type: typeof value, ...(subtype ? { subtype } : undefined), className, description, objectId };
  }

  /** The answer to who asked for a value, as JSON. */
  result(value: unknown, context: number): string {
    return jsonStringify({ result: this.describe(value, context) });
  }

  /** The answer where an error came of it. */
  failure(error: unknown, context: number): string {
    const result = this.describe(error, context);
    const exceptionDetails = {
      exceptionId: this.#last,
      text: "Uncaught",
      lineNumber: 0,
      columnNumber: 0,
      exception: result,
    };
    return jsonStringify({ result, exceptionDetails });
  }
}
