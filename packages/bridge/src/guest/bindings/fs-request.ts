import { NativePromise } from "../lib/intrinsics.ts";
import { reflectApply, SafeWeakMap } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";

interface Fields {
  readonly kAsyncIdCounter: number;
  readonly kExecutionAsyncId: number;
  readonly kDefaultTriggerAsyncId: number;
}

type Push = (asyncId: number, triggerId: number) => void;
type Pop = (asyncId: number) => void;

/** Async ids of the objects that Node makes in C++ (src/async_wrap.cc). */
class AsyncIds {
  readonly #ids: Float64Array;
  readonly #fields: Fields;
  readonly #push: Push;
  readonly #pop: Pop;

  constructor(realm: Realm) {
    const wrap = realm.internalBinding("async_wrap");
    this.#ids = wrap["async_id_fields"] as Float64Array;
    this.#fields = wrap["constants"] as Fields;
    this.#push = wrap["pushAsyncContext"] as Push;
    this.#pop = wrap["popAsyncContext"] as Pop;
  }

  next(): number {
    const { kAsyncIdCounter } = this.#fields;
    const id = (this.#ids[kAsyncIdCounter] as number) + 1;
    this.#ids[kAsyncIdCounter] = id;
    return id;
  }

  trigger(): number {
    const given = this.#ids[this.#fields.kDefaultTriggerAsyncId] as number;
    return given >= 0 ? given : (this.#ids[this.#fields.kExecutionAsyncId] as number);
  }

  /** Runs a callback in the execution context of an object. When it throws, the loop clears the stack of contexts. */
  inside(asyncId: number, triggerId: number, run: () => void): void {
    this.#push(asyncId, triggerId);
    run();
    this.#pop(asyncId);
  }
}

/** What every handle and request of Node's C++ has (src/async_wrap.h). */
export interface AsyncObject {
  getAsyncId(): number;
}

/** How an operation ended. */
export interface Outcome {
  readonly error?: unknown;
  readonly value?: unknown;
}

interface Callback {
  readonly oncomplete: (...args: unknown[]) => unknown;
}

/** The classes of one realm that file operations answer through. */
export interface Requests {
  readonly AsyncWrap: new () => AsyncObject;
  /** Answers a request: its `oncomplete` runs, or the promise that this returns settles, in the poll phase. */
  complete(request: unknown, outcome: Outcome): unknown;
  /** The same for an operation that waits: `begin` gets the function that ends it. */
  wait(request: unknown, begin: (end: (outcome: Outcome) => void) => void): unknown;
}

const answer = (request: Callback, { error, value }: Outcome): void => {
  const args = error !== undefined ? [error] : value === undefined ? [null] : [null, value];
  reflectApply(request.oncomplete, request, args);
};

const made = new SafeWeakMap<Realm, Requests>();

/** The requests of a realm: `fs` and `fs_dir` share them. */
export function requestsOf(realm: Realm): Requests {
  const known = made.get(realm) ?? createRequests(realm, realm.internalBinding("fs"));
  made.set(realm, known);
  return known;
}

/** Makes `FSReqCallback` and the function that answers through it. */
function createRequests(realm: Realm, binding: Binding): Requests {
  const ids = new AsyncIds(realm);

  class AsyncWrap implements AsyncObject {
    readonly #asyncId = ids.next();
    readonly #triggerId = ids.trigger();

    getAsyncId(): number {
      return this.#asyncId;
    }

    /** UNTRACKED: nothing of ours is a provider of Node's list. */
    getProviderType(): number {
      return 0;
    }

    asyncReset(): void {}

    /** Runs a callback of an object in its context; that of anything else just runs. */
    static run(wrap: unknown, action: () => void): void {
      if (typeof wrap === "object" && wrap !== null && #asyncId in wrap) ids.inside(wrap.#asyncId, wrap.#triggerId, action);
      else action();
    }
  }

  class FSReqCallback extends AsyncWrap {}

  binding["FSReqCallback"] = FSReqCallback;
  const usePromises = binding["kUsePromises"];

  const settle = (request: unknown, outcome: Outcome): void => {
    AsyncWrap.run(request, () => answer(request as Callback, outcome));
  };

  const promised = (begin: (end: (outcome: Outcome) => void) => void): Promise<unknown> =>
    new NativePromise((resolve, reject) => {
      begin(({ error, value }) => (error !== undefined ? reject(error) : resolve(value)));
    });

  return {
    AsyncWrap,
    complete(request, outcome) {
      if (request === usePromises) return promised((end) => realm.loop.complete(() => end(outcome)));
      realm.loop.complete(() => settle(request, outcome));
      return undefined;
    },
    wait(request, begin) {
      if (request === usePromises) return promised(begin);
      begin((outcome) => settle(request, outcome));
      return undefined;
    },
  };
}
