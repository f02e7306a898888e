import { objectKeys } from "../primordials.ts";

/**
 * Functions of V8 that no program can name. They come with the snapshot (packages/core/src/engine/runtime-functions.ts)
 * and take any value: each tests what it is given. All but the first are missing where V8 did not have them; a guest that
 * has the native helper asks that instead.
 */
export interface RuntimeFunctions {
  /** A key that shows nowhere. */
  createPrivateSymbol(description: string): symbol;
  readonly runMicrotasks?: () => void;
  /** A microtask without a promise. */
  readonly enqueueMicrotask?: (run: () => void) => void;
  readonly isProxy?: (value: unknown) => boolean;
  /** Both null once the proxy is revoked; nothing for what is no proxy. */
  readonly proxyDetails?: (value: unknown) => readonly [target: object | null, handler: object | null] | undefined;
  /** Both are objects, of one hidden class: then they are of the same kind. The reverse does not hold. */
  readonly haveSameMap?: (one: unknown, other: unknown) => boolean;
  /** Undefined for what may be a promise: frozen, or with a constructor of its own. */
  readonly isPromise?: (value: unknown) => boolean | undefined;
  /** State as `v8::Promise::PromiseState`, and what it was settled with; nothing for what is no promise for certain. */
  readonly promiseDetails?: (value: unknown) => readonly [state: number, result?: unknown] | undefined;
  /** No `eval` in this isolate from now on. */
  readonly disallowStrings?: () => void;
}

/** What the snapshot's maker lent; nothing at all in a guest booted from sources. */
export const runtimeFunctions: Partial<RuntimeFunctions> = { __proto__: null } as object;

export function setRuntimeFunctions(functions: RuntimeFunctions): void {
  Object.assign(runtimeFunctions, functions);
}

/**
 * The guest has the native helper. It asks that alone: each of these makes a promise, which a program's promise hooks
 * would see.
 */
export function forgetRuntimeFunctions(): void {
  const names = objectKeys(runtimeFunctions) as (keyof RuntimeFunctions)[];
  for (let i = 0; i < names.length; i++) delete runtimeFunctions[names[i] as keyof RuntimeFunctions];
}
