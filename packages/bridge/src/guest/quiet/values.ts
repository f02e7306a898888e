import { isKnownProxy } from "../lib/proxies.ts";
import {
  arrayIsArray,
  FunctionProto,
  RegExpProto,
  reflectApply,
  reflectGetOwnPropertyDescriptor,
  reflectGetPrototypeOf,
  reflectOwnKeys,
  SafeSet,
} from "../primordials.ts";
import type { QuietBuiltIns } from "./built-ins.ts";

/** What is evaluated may do more than give a value. */
export class SideEffect extends Error {}

/** The evaluation ends here with an error of its own, whichever it is. */
export class EndsInError extends Error {}

export type Callable = (...args: unknown[]) => unknown;

export const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** Runs something of V8's that throws where the evaluated code would. */
export function orEnd<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof SideEffect || error instanceof EndsInError ? error : new EndsInError();
  }
}

/** A getter that does nothing but name what it gives: `() => lib`, `get() { return writer.options; }`. */
const NAMES_ONLY =
  /^(?:\(\)\s*=>\s*[\w$]+(?:\.[\w$]+)?|(?:(?:get|function)\b)?\s*[\w$]*\s*\(\)\s*\{\s*return\s+[\w$]+(?:\.[\w$]+)?;?\s*\})$/;

const namesOnly = (getter: Callable): boolean =>
  RegExpProto.exec(NAMES_ONLY, FunctionProto.toString(getter as () => unknown)) !== null;

/** So many properties of an object are looked at. */
const MOST_PROPERTIES = 20_000;

/** Reads values without running code of a program's. */
export class QuietReader {
  readonly #builtIns: readonly QuietBuiltIns[];
  /** Objects that stand where V8 has none of a program's: the global. */
  readonly #trusted = new SafeSet<unknown>();

  constructor(builtIns: readonly QuietBuiltIns[], trusted: readonly object[]) {
    this.#builtIns = builtIns;
    for (let i = 0; i < trusted.length; i++) this.#trusted.add(trusted[i]);
  }

  /** What is known of a built-in. */
  call(fn: unknown): ReturnType<QuietBuiltIns["calls"]["get"]> {
    for (let i = 0; i < this.#builtIns.length; i++) {
      const known = this.#builtIns[i]?.calls.get(fn);
      if (known) return known;
    }
    return undefined;
  }

  isBuiltInPrototype(value: unknown): boolean {
    for (let i = 0; i < this.#builtIns.length; i++) if (this.#builtIns[i]?.prototypes.has(value)) return true;
    return false;
  }

  isTransparent(value: object): boolean {
    return this.#trusted.has(value) || !isKnownProxy(value);
  }

  /** The property and whether it is there at all. @throws SideEffect where finding it would run code */
  find(from: object, key: PropertyKey): PropertyDescriptor | undefined {
    for (let at: object | null = from; at !== null; at = reflectGetPrototypeOf(at)) {
      if (!this.isTransparent(at)) throw new SideEffect();
      const owner = at;
      const own = orEnd(() => reflectGetOwnPropertyDescriptor(owner, key));
      if (own) return own;
    }
    return undefined;
  }

  valueOf(found: PropertyDescriptor | undefined, receiver: unknown): unknown {
    if (!found) return undefined;
    if ("value" in found) return found.value as unknown;
    const getter = found.get as Callable | undefined;
    if (getter === undefined) return undefined;
    if (this.call(getter)?.kind !== "getter" && !namesOnly(getter)) throw new SideEffect();
    return orEnd(() => reflectApply(getter, receiver, []));
  }

  /** Whether everything that can be read of an object is data. */
  isData(value: unknown): boolean {
    if (!isObject(value)) return true;
    for (let at: object | null = value; at !== null; at = reflectGetPrototypeOf(at)) {
      if (isKnownProxy(at)) return false;
      if (this.isBuiltInPrototype(at)) continue;
      const keys = reflectOwnKeys(at);
      if (keys.length > MOST_PROPERTIES) return false;
      for (let i = 0; i < keys.length; i++) {
        const own = reflectGetOwnPropertyDescriptor(at, keys[i] as PropertyKey);
        if (own && !("value" in own)) return false;
      }
    }
    return true;
  }

  /** An array without anything a built-in would ask the program about. */
  isPlainArray(value: unknown): value is unknown[] {
    return (
      arrayIsArray(value) &&
      this.isData(value) &&
      this.isBuiltInPrototype(reflectGetPrototypeOf(value)) &&
      reflectGetOwnPropertyDescriptor(value, "constructor") === undefined
    );
  }
}
