import { Operation } from "../../contract/operations.ts";
import { objectDefineProperty, reflectApply, reflectDeleteProperty, reflectOwnKeys, SafeSet } from "../primordials.ts";

/** What V8 itself puts on a global object: ECMA-262, WebAssembly, and `gc`, which nobody can take away, under its flag. */
const BUILT_IN =
  "Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp " +
  "Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Math Intl " +
  "ArrayBuffer Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array " +
  "Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set Iterator WeakMap WeakSet WeakRef Proxy " +
  "Reflect FinalizationRegistry SharedArrayBuffer decodeURI decodeURIComponent encodeURI encodeURIComponent escape " +
  "unescape eval isFinite isNaN WebAssembly gc";

const CONSOLE =
  "debug error info log warn dir dirxml table trace group groupCollapsed groupEnd clear count countReset assert profile " +
  "profileEnd time timeLog timeEnd timeStamp context";

const words = (list: string): SafeSet<PropertyKey> => {
  const set = new SafeSet<PropertyKey>();
  for (const word of list.split(" ")) set.add(word);
  return set;
};

/**
 * A new context is made from the snapshot, which holds a library that is connected to nothing. All of it goes before
 * anybody sees the context. V8's own console talks to its inspector; what takes its place does nothing.
 * @returns whether all of it is gone
 */
export function sweep(global: typeof globalThis): boolean {
  const { __vivarium: enter } = global as { __vivarium?: unknown };
  if (typeof enter !== "function") return false;
  reflectApply(enter as () => void, undefined, [Operation.leave]);
  const keep = words(BUILT_IN);
  const keys = reflectOwnKeys(global);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    if (!keep.has(key) && !reflectDeleteProperty(global, key)) return false;
  }
  if (!reflectDeleteProperty(global.Error, "prepareStackTrace")) return false;
  const console: Record<string, unknown> = {};
  for (const name of CONSOLE.split(" ")) console[name] = { [name]() {} }[name];
  const shown = { value: console, writable: true, enumerable: false, configurable: true };
  objectDefineProperty(global, "console", shown);
  return true;
}
