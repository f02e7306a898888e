import {
  RegExpProto,
  reflectGetOwnPropertyDescriptor,
  reflectGetPrototypeOf,
  reflectOwnKeys,
  SafeMap,
  SafeSet,
  StringProto,
} from "../primordials.ts";

/**
 * When a call of a built-in has no side effect:
 * - `plain`: what it works on are primitives
 * - `shape`: the object it is about is no proxy
 * - `look`: they may be objects, of which nothing but data properties is read
 * - `each`: the receiver is an array, and the function it calls has no side effects
 * - `text`: the receiver is an array of primitives
 * - `change`: the receiver was made by the evaluation itself
 * - `collect`: a constructor of nothing, or of an array
 * - `getter`: of an accessor; its receiver is what it reads
 */
export type QuietKind = "plain" | "shape" | "look" | "each" | "text" | "change" | "collect" | "getter";

export interface QuietCall {
  readonly kind: QuietKind;
  /** What it gives is new: nobody else has it. */
  readonly isFresh: boolean;
  /** It takes no notice of its receiver. */
  readonly isStatic: boolean;
}

/** What an evaluation without side effects needs of the built-ins of one context, as they were before any program. */
export interface QuietBuiltIns {
  readonly calls: SafeMap<unknown, QuietCall>;
  /** Prototypes of built-ins, which hold no code of a program's. */
  readonly prototypes: SafeSet<unknown>;
  /** What a primitive inherits from, by its type. */
  readonly wrappers: SafeMap<string, object>;
  newArray(): unknown[];
  newObject(): Record<PropertyKey, unknown>;
}

type Row = readonly [owner: string, kind: QuietKind, makes: "new" | "", names: string];

const TYPED =
  "Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array " +
  "BigInt64Array BigUint64Array";

/** Of those that V8 lets run in such an evaluation (`BuiltinGetSideEffectState` of its src/debug/debug-evaluate.cc). */
const ROWS: readonly Row[] = [
  ["", "plain", "", "String Number Boolean BigInt Symbol parseInt parseFloat isNaN isFinite escape unescape"],
  ["", "plain", "", "encodeURI encodeURIComponent decodeURI decodeURIComponent"],
  ["", "plain", "new", "Array ArrayBuffer Date RegExp Object Error EvalError RangeError ReferenceError SyntaxError"],
  ["", "plain", "new", "TypeError URIError"],
  ["", "collect", "new", `Map Set WeakMap WeakSet ${TYPED}`],
  [
    "Math",
    "plain",
    "",
    "abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround hypot",
  ],
  ["Math", "plain", "", "imul log log10 log1p log2 max min pow round sign sin sinh sqrt tan tanh trunc"],
  ["Number", "plain", "", "isFinite isInteger isNaN isSafeInteger parseFloat parseInt"],
  ["Number.prototype", "plain", "", "toExponential toFixed toPrecision toString valueOf"],
  ["BigInt", "plain", "", "asIntN asUintN"],
  ["BigInt.prototype", "plain", "", "toString valueOf"],
  ["Boolean.prototype", "plain", "", "toString valueOf"],
  ["Symbol", "plain", "", "keyFor"],
  ["Symbol.prototype", "plain", "", "toString valueOf"],
  ["String", "plain", "", "fromCharCode fromCodePoint"],
  ["String.prototype", "plain", "", "at charAt charCodeAt codePointAt concat endsWith includes indexOf isWellFormed"],
  ["String.prototype", "plain", "", "lastIndexOf padEnd padStart repeat slice startsWith substr substring toString"],
  ["String.prototype", "plain", "", "toWellFormed trim trimEnd trimStart valueOf"],
  ["Date", "plain", "", "now parse"],
  ["Object", "shape", "", "getPrototypeOf hasOwn isExtensible isFrozen isSealed"],
  [
    "Object",
    "shape",
    "new",
    "getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols",
  ],
  ["Object", "shape", "new", "keys"],
  ["Object", "look", "", "is"],
  ["Object", "look", "new", "entries values"],
  ["Object.prototype", "shape", "", "hasOwnProperty propertyIsEnumerable"],
  ["Object.prototype", "look", "", "isPrototypeOf toString valueOf"],
  ["Reflect", "shape", "", "getPrototypeOf isExtensible"],
  ["Reflect", "shape", "new", "ownKeys"],
  ["Reflect", "look", "", "has"],
  ["Array", "look", "", "isArray"],
  ["Array.prototype", "look", "", "at includes indexOf lastIndexOf"],
  ["Array.prototype", "look", "new", "concat entries flat keys slice toReversed toSpliced values with"],
  ["Array.prototype", "each", "", "every find findIndex findLast findLastIndex forEach reduce reduceRight some"],
  ["Array.prototype", "each", "new", "filter flatMap map"],
  ["Array.prototype", "text", "", "join toString"],
  ["Array.prototype", "text", "new", "toSorted"],
  ["Array.prototype", "change", "", "fill pop push reverse shift unshift"],
  ["Array.prototype", "change", "new", "splice"],
  ["Map.prototype", "look", "", "get has"],
  ["Set.prototype", "look", "", "has"],
  ["Map.prototype", "getter", "", "size"],
  ["Set.prototype", "getter", "", "size"],
  ["ArrayBuffer.prototype", "getter", "", "byteLength"],
];

const DATE_READERS = /^(?:get|to(?!JSON|Locale)|valueOf)/;

const wordsOf = (text: string): string[] => StringProto.split(text, " ");

function reach(from: object, path: string): object | undefined {
  if (path === "") return from;
  let at: unknown = from;
  const names = StringProto.split(path, ".");
  for (let i = 0; i < names.length && at !== undefined; i++)
    at = reflectGetOwnPropertyDescriptor(at as object, names[i] as string)?.value;
  return at as object | undefined;
}

/** Reads the built-ins of the context this is bundled for; before any program ran. */
export function captureBuiltIns(global: object): QuietBuiltIns {
  const calls: QuietBuiltIns["calls"] = new SafeMap();
  const note = (owner: object | undefined, key: PropertyKey, kind: QuietKind, isFresh: boolean): void => {
    const own = owner && reflectGetOwnPropertyDescriptor(owner, key);
    const fn: unknown = kind === "getter" ? own?.get : own?.value;
    const isStatic = owner !== undefined && reflectGetOwnPropertyDescriptor(owner, "constructor") === undefined;
    if (typeof fn === "function") calls.set(fn, { kind, isFresh, isStatic });
  };
  for (let i = 0; i < ROWS.length; i++) {
    const [path, kind, makes, text] = ROWS[i] as Row;
    const names = wordsOf(text);
    for (let j = 0; j < names.length; j++) note(reach(global, path), names[j] as string, kind, makes === "new");
  }
  const date = reach(global, "Date.prototype") as object;
  const dateKeys = reflectOwnKeys(date);
  for (let i = 0; i < dateKeys.length; i++) {
    const key = dateKeys[i] as PropertyKey;
    if (typeof key === "string" && RegExpProto.exec(DATE_READERS, key) !== null) note(date, key, "look", false);
  }
  const typed = reflectGetPrototypeOf(Uint8Array.prototype) as object;
  const getters = wordsOf("buffer byteLength byteOffset length");
  for (let i = 0; i < getters.length; i++) note(typed, getters[i] as string, "getter", false);

  const prototypes: QuietBuiltIns["prototypes"] = new SafeSet();
  prototypes.add(typed);
  const names = wordsOf(
    `Object Function Array Map Set WeakMap WeakSet Date RegExp Promise String Number Boolean Symbol BigInt Error ${TYPED}`,
  );
  for (let i = 0; i < names.length; i++) prototypes.add(reach(global, `${names[i]}.prototype`));
  const wrappers: QuietBuiltIns["wrappers"] = new SafeMap();
  const types = wordsOf("String Number Boolean Symbol BigInt");
  for (let i = 0; i < types.length; i++) {
    const name = types[i] as string;
    wrappers.set(StringProto.toLowerCase(name), reach(global, `${name}.prototype`) as object);
  }
  return { calls, prototypes, wrappers, newArray: () => [], newObject: () => ({}) };
}
