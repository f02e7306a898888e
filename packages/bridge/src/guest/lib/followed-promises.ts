import {
  objectSetPrototypeOf,
  reflectApply,
  reflectDefineProperty,
  reflectGetOwnPropertyDescriptor,
} from "../primordials.ts";
import { append, dataDescriptor } from "./define.ts";
import { NativePromise, NativeProxy } from "./intrinsics.ts";

/** Who hears of the promises of one context. None of its functions throws. */
export interface PromiseFollower {
  isPromise(value: unknown): value is object;
  init(promise: object, parent: unknown): void;
  before(promise: object): void;
  after(promise: object): void;
  settled(promise: object): void;
  /** It is about to be rejected. */
  rejected(promise: object, reason: unknown): void;
}

type Callable = (...args: unknown[]) => unknown;
type Apply = (native: Callable, self: unknown, args: readonly unknown[]) => unknown;

/** A function of V8's that is called by way of ours: its name, length and text are its own. */
function around(native: Callable, apply: Apply): Callable {
  const handler: ProxyHandler<Callable> = { apply };
  objectSetPrototypeOf(handler, null);
  return new NativeProxy(native, handler);
}

/** What `then` is given runs between `before` and `after` of the promise it returned. */
function followThen(follower: PromiseFollower): Apply {
  return (native, self, args) => {
    let derived: object | undefined;
    const reaction = (callback: unknown, rejects: boolean) => (value: unknown) => {
      const promise = derived;
      if (promise) follower.before(promise);
      try {
        if (typeof callback === "function") return reflectApply(callback as Callable, undefined, [value]);
        // Without a callback a promise takes what comes.
        if (rejects) throw value;
        return value;
      } catch (error) {
        if (promise) follower.rejected(promise, error);
        throw error;
      } finally {
        if (promise) {
          follower.settled(promise);
          follower.after(promise);
        }
      }
    };
    const result = reflectApply(native, self, [reaction(args[0], false), reaction(args[1], true)]);
    if (follower.isPromise(result)) {
      derived = result;
      follower.init(result, self);
    }
    return result;
  };
}

/** A static function that makes a promise. @param isSettled it is settled from the beginning */
const followStatic =
  (follower: PromiseFollower, isSettled: boolean): Apply =>
  (native, self, args) => {
    const result = reflectApply(native, self, args as unknown[]);
    if (result === args[0] || !follower.isPromise(result)) return result;
    follower.init(result, undefined);
    if (isSettled) follower.settled(result);
    return result;
  };

const followReject =
  (follower: PromiseFollower): Apply =>
  (native, self, args) => {
    const result = followStatic(follower, true)(native, self, args);
    if (follower.isPromise(result)) follower.rejected(result, args[0]);
    return result;
  };

const followResolvers =
  (follower: PromiseFollower): Apply =>
  (native, self, args) => {
    const result = reflectApply(native, self, args as unknown[]) as { readonly promise: unknown };
    if (follower.isPromise(result.promise)) follower.init(result.promise, undefined);
    return result;
  };

/** Makes a function of ours look like V8's own, named so. */
export type Dress = (fn: Callable, name: string) => Callable;

interface Place {
  readonly holder: object;
  readonly key: string;
  readonly native: unknown;
  readonly ours: Callable;
}

/**
 * V8's promise hooks for those who cannot set them: of the promises a program makes by calling a function, while somebody
 * listens. `catch` and `finally` call `then`. What `new Promise` and `async` functions make, and what `await` waits for, is
 * seen by nobody: V8 asks no function of the program's for that.
 */
export class FollowedPromises {
  readonly #places: Place[] = [];

  constructor(follower: PromiseFollower, dress: Dress) {
    const add = (holder: object, key: string, apply: Apply): void => {
      const native: unknown = reflectGetOwnPropertyDescriptor(holder, key)?.value;
      if (typeof native !== "function") return;
      const ours = dress(around(native as Callable, apply), key);
      append(this.#places, { holder, key, native, ours });
    };
    const made = followStatic(follower, false);
    add(NativePromise.prototype, "then", followThen(follower));
    add(NativePromise, "resolve", followStatic(follower, true));
    add(NativePromise, "reject", followReject(follower));
    add(NativePromise, "withResolvers", followResolvers(follower));
    add(NativePromise, "all", made);
    add(NativePromise, "allSettled", made);
    add(NativePromise, "any", made);
    add(NativePromise, "race", made);
  }

  start(): void {
    for (let i = 0; i < this.#places.length; i++) {
      const { holder, key, native, ours } = this.#places[i] as Place;
      replace(holder, key, native, ours);
    }
  }

  stop(): void {
    for (let i = 0; i < this.#places.length; i++) {
      const { holder, key, native, ours } = this.#places[i] as Place;
      replace(holder, key, ours, native);
    }
  }
}

/** What a program has put in the place of a function stays there. */
function replace(holder: object, key: string, from: unknown, to: unknown): void {
  const own = reflectGetOwnPropertyDescriptor(holder, key);
  if (own && own.value === from && own.configurable) {
    reflectDefineProperty(holder, key, dataDescriptor(to, own.enumerable, own.writable));
  }
}
