import { runtimeFunctions } from "./lib/runtime-functions.ts";
import { ArrayProto, arrayIsArray, objectCreate, objectDefineProperty, objectKeys } from "./primordials.ts";
import type { Binding } from "./realm.ts";

/** A value as library/extract.cjs describes it: JSON as is, anything else tagged with `t`. */
type Described = null | boolean | number | string | Tagged;
interface Tagged {
  readonly t: "number" | "undefined" | "bigint" | "symbol" | "function" | "typed" | "array" | "map" | "object";
  readonly v?: unknown;
  /** A function's or symbol's name, a typed array's length, whether an object's prototype is null. */
  readonly n?: unknown;
  readonly c?: string;
  /** A function's length, prototype methods, prototype accessors, own properties. */
  readonly l?: number;
  readonly m?: readonly string[];
  readonly a?: readonly string[];
  readonly s?: Readonly<Record<string, Described>>;
}

const TYPED = { Uint8Array, Uint32Array, Int32Array, Float64Array, BigInt64Array, BigUint64Array } as const;

/** What a function of a binding does before its file fills it: says its name. Never a quiet empty answer. */
function unimplemented(name: string): never {
  const error = new Error(`${name} is not supported in sandbox`) as Error & { code: string };
  error.code = "ERR_SANDBOX_INTERNAL_UNSUPPORTED";
  throw error;
}

function makeFunction(binding: string, name: string, shape: Tagged): unknown {
  const full = `${binding}.${name}`;
  const methods = shape.m ?? [];
  const isClass = methods.length > 0 || (name[0] ?? "") !== (name[0] ?? "").toLowerCase();
  const holder = isClass
    ? {
        [name]: function (this: unknown) {},
      }
    : {
        [name]() {
          return unimplemented(full);
        },
      };
  const fn = holder[name] as unknown as { prototype: Record<string, unknown> } & Record<string, unknown>;
  for (let i = 0; i < methods.length; i++) {
    const method = methods[i] as string;
    const { [method]: stub } = { [method]: () => unimplemented(`${full}.${method}`) };
    objectDefineProperty(fn.prototype, method, { writable: true, enumerable: true, configurable: true, value: stub });
  }
  // Node's accessors belong to objects of the class; read on the prototype they throw.
  const accessors = shape.a ?? [];
  for (let i = 0; i < accessors.length; i++) {
    const get = (): never => {
      throw new TypeError("Illegal invocation");
    };
    objectDefineProperty(fn.prototype, accessors[i] as string, { get, enumerable: false, configurable: true });
  }
  const statics = shape.s ?? {};
  const keys = objectKeys(statics);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    fn[key] = revive(binding, `${name}.${key}`, statics[key] as Described);
  }
  return fn;
}

function makeTyped(shape: Tagged): unknown {
  const Constructor = TYPED[shape.c as keyof typeof TYPED];
  if (!Constructor) return undefined;
  const array = new Constructor(shape.n as number);
  const values = (shape.v ?? []) as readonly string[];
  for (let i = 0; i < values.length; i++) {
    const text = values[i] as string;
    array[i] = typeof array[i] === "bigint" ? BigInt(text) : Number(text);
  }
  return array;
}

function makeMap(
  binding: string,
  name: string,
  pairs: readonly (readonly [Described, Described])[],
): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (let i = 0; i < pairs.length; i++) {
    const [key, value] = pairs[i] as readonly [Described, Described];
    map.set(revive(binding, name, key), revive(binding, name, value));
  }
  return map;
}

const isConstant = (binding: string, key: string, value: unknown): boolean =>
  typeof value === "number" && (binding === "constants" || (binding === "uv" && key.startsWith("UV_")));

function makeObject(binding: string, name: string, shape: Tagged): Binding {
  const object = objectCreate(shape.n ? null : Object.prototype) as Binding;
  const described = shape.v as Readonly<Record<string, Described>>;
  const keys = objectKeys(described);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const value = revive(binding, name ? `${name}.${key}` : key, described[key] as Described);
    // NODE_DEFINE_CONSTANT of src/util.h.
    if (isConstant(binding, key, value)) objectDefineProperty(object, key, { value, enumerable: true });
    else object[key] = value;
  }
  return object;
}

function revive(binding: string, name: string, shape: Described): unknown {
  if (shape === null || typeof shape !== "object") return shape;
  switch (shape.t) {
    case "number":
      return Number(shape.v);
    case "undefined":
      return undefined;
    case "bigint":
      return BigInt(shape.v as string);
    case "symbol":
      return name.startsWith("privateSymbols.") ? makePrivateSymbol(shape.v as string) : Symbol(shape.v as string);
    case "function":
      return makeFunction(binding, (shape.n as string) || lastPart(name), shape);
    case "typed":
      return makeTyped(shape);
    case "array":
      return ArrayProto.map(shape.v as unknown[], (item) => revive(binding, name, item as Described));
    case "map":
      return makeMap(binding, name, shape.v as readonly (readonly [Described, Described])[]);
    case "object":
      return makeObject(binding, name, shape);
  }
}

/** A key that shows nowhere where the snapshot's maker lends such keys, else a plain symbol. */
const makePrivateSymbol = (description: string): symbol =>
  runtimeFunctions.createPrivateSymbol?.(description) ?? Symbol(description);

const lastPart = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

/** Rebuilds a described value. Runs before guest code does, so it may use prototypes freely. */
export function fromManifest(binding: string, shape: unknown): unknown {
  if (arrayIsArray(shape)) return shape;
  return revive(binding, "", shape as Described);
}
