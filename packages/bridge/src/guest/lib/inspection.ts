import {
  ArrayProto,
  reflectGetOwnPropertyDescriptor,
  reflectGetPrototypeOf,
  reflectOwnKeys,
  StringProto,
  typedArrayTag,
} from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { brands } from "./brands.ts";
import { append } from "./define.ts";
import { isKnownProxy, knownProxy } from "./proxies.ts";

/** Bits of V8's PropertyFilter (util.constants). */
const ONLY_ENUMERABLE = 2;
const SKIP_SYMBOLS = 16;
const MAX_INDEX = 4294967294;

/** The key is an array index: a canonical decimal below 2^32 - 1. */
function isIndex(key: string): boolean {
  const { length } = key;
  if (length === 0 || length > 10) return false;
  const first = StringProto.charCodeAt(key, 0);
  if (first === 48) return length === 1;
  let value = 0;
  for (let i = 0; i < length; i++) {
    const digit = StringProto.charCodeAt(key, i) - 48;
    if (digit < 0 || digit > 9) return false;
    value = value * 10 + digit;
  }
  return value <= MAX_INDEX;
}

/** Own keys that are no array indexes; `filter` says in bits which others are left out. */
export function ownNonIndexProperties(value: object, filter: number): PropertyKey[] {
  const keys = reflectOwnKeys(value);
  const out: PropertyKey[] = [];
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string | symbol;
    if (typeof key === "string" && isIndex(key)) continue;
    if ((filter & SKIP_SYMBOLS) !== 0 && typeof key === "symbol") continue;
    if ((filter & ONLY_ENUMERABLE) !== 0 && reflectGetOwnPropertyDescriptor(value, key)?.enumerable !== true) continue;
    append(out, key);
  }
  return out;
}

const KINDS = [
  ["isMap", "Map"],
  ["isSet", "Set"],
  ["isDate", "Date"],
  ["isRegExp", "RegExp"],
  ["isNativeError", "Error"],
  ["isPromise", "Promise"],
  ["isWeakMap", "WeakMap"],
  ["isWeakSet", "WeakSet"],
  ["isArrayBuffer", "ArrayBuffer"],
  ["isSharedArrayBuffer", "SharedArrayBuffer"],
  ["isDataView", "DataView"],
  ["isNumberObject", "Number"],
  ["isStringObject", "String"],
  ["isBooleanObject", "Boolean"],
  ["isBigIntObject", "BigInt"],
  ["isSymbolObject", "Symbol"],
  ["isArgumentsObject", "Arguments"],
] as const;

/** `v8::Object::GetConstructorName`: the first named constructor up the prototypes, else the name of the kind. */
export function constructorName(value: object, realm: Realm): string {
  let current: object | null = value;
  if (brands.isArgumentsObject(value)) return "Arguments";
  for (let steps = 0; current !== null && steps < 1000; steps++) {
    if (isKnownProxy(current)) {
      current = knownProxy(current)?.[0] ?? null;
      continue;
    }
    const maker = reflectGetOwnPropertyDescriptor(current, "constructor")?.value as unknown;
    // An own data property of the object itself says nothing about what made it.
    if (typeof maker === "function" && (current !== value || reflectGetPrototypeOf(current) === null)) {
      const name = reflectGetOwnPropertyDescriptor(maker, "name")?.value as unknown;
      if (typeof name === "string" && name !== "") return name;
    }
    current = reflectGetPrototypeOf(current);
  }
  return kindName(value, realm);
}

function kindName(value: object, realm: Realm): string {
  if (typeof value === "function") return "Function";
  if (ArrayProto.includes(NO_KIND, value)) return "Object";
  const tag = typedArrayTag(value);
  if (tag !== undefined) return tag;
  for (let i = 0; i < KINDS.length; i++) {
    const kind = KINDS[i] as (typeof KINDS)[number];
    const test = realm.native?.types[kind[0]] ?? brands[kind[0]];
    if (test(value)) return kind[1];
  }
  return isList(value) ? "Array" : "Object";
}

const NO_KIND: unknown[] = [Object.prototype];
const { isArray: isList } = Array;
