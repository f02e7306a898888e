import { SafeSet, SafeWeakMap } from "../primordials.ts";

/** Which objects an evaluation has made itself, and what may therefore be done with them. */
export class Origins {
  readonly #fresh = new SafeWeakMap<object, true>();
  readonly #closures = new SafeWeakMap<object, true>();
  readonly #opaque = new SafeSet<unknown>();

  /** Nobody else has it: it may be changed. */
  made<T extends object>(value: T): T {
    this.#fresh.set(value, true);
    return value;
  }

  isFresh(value: object): boolean {
    return this.#fresh.has(value);
  }

  /** A function of the evaluated code that can be called without running it. Its properties are not those of a real one. */
  madeClosure<T extends object>(closure: T): T {
    this.#closures.set(closure, true);
    this.#opaque.add(closure);
    return closure;
  }

  isClosure(value: object): boolean {
    return this.#closures.has(value);
  }

  /** A function of the evaluated code that cannot be called here, nor looked into. */
  madeOpaque<T>(fn: T): T {
    this.#opaque.add(fn);
    return fn;
  }

  isOpaque(value: unknown): boolean {
    return this.#opaque.has(value);
  }
}
