import {
  arrayIsArray,
  BigIntProto,
  FunctionProto,
  NumberProto,
  reflectGetOwnPropertyDescriptor,
  reflectGetPrototypeOf,
  SymbolProto,
  symbolToStringTag,
} from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { brands } from "./brands.ts";
import { constructorName } from "./inspection.ts";
import { proxyTarget } from "./proxies.ts";

/** A data property found up the prototypes without running getters or traps. */
function dataProperty(realm: Realm, value: object, key: string | symbol): unknown {
  let current: object | null = value;
  while (current !== null && proxyTarget(realm, current) === undefined) {
    const found = reflectGetOwnPropertyDescriptor(current, key);
    if (found !== undefined) return found.value;
    current = reflectGetPrototypeOf(current);
  }
  return undefined;
}

function describeError(realm: Realm, error: object): string {
  const name = dataProperty(realm, error, "name");
  const message = dataProperty(realm, error, "message");
  const nameText = typeof name === "string" ? name : "Error";
  const messageText = typeof message === "string" ? message : "";
  if (nameText === "") return messageText;
  return messageText === "" ? nameText : `${nameText}: ${messageText}`;
}

/** `Object::NoSideEffectsToString` of V8: a text for any value that runs none of its code. A proxy's is its target's. */
export function noSideEffectsToString(value: unknown, realm: Realm): string {
  const isReceiver = (typeof value === "object" && value !== null) || typeof value === "function";
  const target = isReceiver ? proxyTarget(realm, value) : undefined;
  if (target !== undefined) return noSideEffectsToString(target, realm);
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return NumberProto.toString(value);
    case "bigint":
      return BigIntProto.toString(value);
    case "symbol":
      return SymbolProto.toString(value);
    case "function":
      return FunctionProto.toString(value as () => unknown);
    case "object":
      break;
    default:
      return value === undefined ? "undefined" : value ? "true" : "false";
  }
  if (value === null) return "null";
  if (brands.isNativeError(value)) return describeError(realm, value);
  if (dataProperty(realm, value, "toString") === objectToString) {
    const maker = dataProperty(realm, value, "constructor");
    const name = typeof maker === "function" ? dataProperty(realm, maker, "name") : undefined;
    if (typeof name === "string" && name !== "") return `#<${name}>`;
  }
  const tag = dataProperty(realm, value, symbolToStringTag);
  if (typeof tag === "string") return `[object ${tag}]`;
  return `[object ${arrayIsArray(value) ? "Array" : constructorName(value, realm)}]`;
}

const objectToString = Object.prototype.toString;
