import { putOwn } from "../lib/define.ts";
import { reflectApply } from "../primordials.ts";
import type { Caught, Realm } from "../realm.ts";

/** What the library hands to `setCallbackFunctions`, in its order. */
export const CALLBACKS = [
  "error",
  "priority",
  "settings",
  "ping",
  "headers",
  "frameError",
  "goaway",
  "altsvc",
  "origin",
  "streamTrailers",
  "streamClose",
] as const;
export type CallbackName = (typeof CALLBACKS)[number];

/** Who runs when a callback is made. */
const Mode = {
  /** JavaScript that called the binding: it gets what a callback throws. */
  nested: 0,
  /** The loop: each callback is one of its own, with its ticks (`MakeCallback`). */
  loop: 1,
  /** The loop, in one callback that ends with all their ticks (`InternalCallbackScope`). */
  scope: 2,
} as const;
type Mode = (typeof Mode)[keyof typeof Mode];

/** Runs the library's callbacks for one session as Node's C++ does. */
export class Callbacks {
  readonly #realm: Realm;
  #mode: Mode = Mode.nested;
  #thrown: { readonly error: unknown } | undefined;
  #depth = 0;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  /** What runs was begun by the loop, and each callback it makes is one of the loop's. */
  fromLoop<T>(run: () => T): T {
    return this.#as(Mode.loop, run);
  }

  /** What runs is itself one callback of the loop. */
  inScope<T>(run: () => T): T {
    return this.#as(Mode.scope, run);
  }

  #as<T>(mode: Mode, run: () => T): T {
    const outer = this.#mode;
    this.#mode = mode;
    try {
      return run();
    } finally {
      this.#mode = outer;
    }
  }

  /** What runs was called by JavaScript, which gets the first thing a callback of it throws when all is done. */
  fromScript<T>(run: () => T): T {
    if (this.#mode !== Mode.nested) return run();
    this.#depth++;
    let result: T;
    try {
      result = run();
    } finally {
      this.#depth--;
    }
    const thrown = this.#thrown;
    if (!thrown || this.#depth > 0) return result;
    this.#thrown = undefined;
    throw thrown.error;
  }

  /** Makes a callback. -> what it answers, nothing when it threw */
  make(call: () => unknown): unknown {
    const mode = this.#mode;
    if (mode === Mode.nested) return this.#makeNested(call);
    this.#mode = Mode.nested;
    try {
      let answer: unknown;
      const isDone = this.#guard(() => {
        answer = call();
      });
      if (isDone && mode === Mode.loop) this.#runTicks();
      return answer;
    } finally {
      this.#mode = mode;
    }
  }

  #makeNested(call: () => unknown): unknown {
    try {
      return call();
    } catch (error) {
      if (this.#depth === 0) throw error;
      this.#thrown ??= { error };
      return undefined;
    }
  }

  #runTicks(): void {
    const { loop, native, process } = this.#realm;
    if (!loop.hasScheduledTicks) native?.runMicrotasks();
    if (loop.hasScheduledTicks) this.#guard(() => reflectApply(loop.hooks.tick, process, []));
  }

  /** Runs it as the loop would; what it throws is an uncaught exception. -> whether it came to its end */
  #guard(run: () => void): boolean {
    const { native, loop, process } = this.#realm;
    let caught: Caught | undefined;
    if (native) caught = native.catch(run, process);
    else {
      try {
        run();
      } catch (error) {
        caught = [error, undefined, 0, 0, 0, undefined];
      }
    }
    if (!caught) return true;
    this.#realm.fatalException(caught[0], false, caught);
    loop.hooks.setFrame(undefined);
    loop.hooks.clearAsyncStack();
    return false;
  }
}

/** The functions of the library's, once it has handed them over. */
export class LibraryCallbacks {
  readonly #functions = { __proto__: null as never } as Partial<Record<CallbackName, unknown>>;

  set(functions: readonly unknown[]): void {
    for (let i = 0; i < CALLBACKS.length; i++) putOwn(this.#functions, CALLBACKS[i] as CallbackName, functions[i]);
  }

  get(name: CallbackName): unknown {
    return this.#functions[name];
  }
}
