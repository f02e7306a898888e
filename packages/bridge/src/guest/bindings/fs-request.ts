import { NativePromise } from "../lib/intrinsics.ts";
import { tellWrappers } from "../lib/wrappers.ts";
import { reflectApply, SafeWeakMap } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { activeResources } from "./active-resources.ts";

/** The part of lib/internal/async_hooks.js that stands for src/async_wrap.cc: ids, hooks, execution contexts. */
interface AsyncHooks {
  newAsyncId(): number;
  getDefaultTriggerAsyncId(): number;
  emitInit(asyncId: number, type: string, triggerId: number, resource: object): void;
  emitBefore(asyncId: number, triggerId: number, resource: object): void;
  emitAfter(asyncId: number): void;
  emitDestroy(asyncId: number): void;
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
  readonly AsyncWrap: new (type: string) => AsyncObject;
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
  let known: AsyncHooks | undefined;
  // Loaded by the bootstrap after this binding is made.
  const hooks = (): AsyncHooks => {
    known ??= realm.requireBuiltin<AsyncHooks>("internal/async_hooks");
    return known;
  };

  class AsyncWrap implements AsyncObject {
    readonly #asyncId = hooks().newAsyncId();
    readonly #triggerId = hooks().getDefaultTriggerAsyncId();

    static {
      tellWrappers((object) => #asyncId in object);
    }

    /** @param type the provider's name in `async_hooks`, FSREQCALLBACK */
    constructor(type: string) {
      hooks().emitInit(this.#asyncId, type, this.#triggerId, this);
    }

    getAsyncId(): number {
      return this.#asyncId;
    }

    /** NONE: the numbers of Node's providers are its own. */
    getProviderType(): number {
      return 0;
    }

    asyncReset(): void {}

    /** Runs the last callback of an object in its context. When it throws, the loop clears the stack of contexts. */
    static finish(wrap: unknown, action: () => void): void {
      if (typeof wrap !== "object" || wrap === null || !(#asyncId in wrap)) {
        action();
        return;
      }
      const { emitBefore, emitAfter, emitDestroy } = hooks();
      emitBefore(wrap.#asyncId, wrap.#triggerId, wrap);
      action();
      emitAfter(wrap.#asyncId);
      emitDestroy(wrap.#asyncId);
    }
  }

  class FSReqCallback extends AsyncWrap {
    constructor() {
      super("FSREQCALLBACK");
    }
  }

  binding.FSReqCallback = FSReqCallback;
  const usePromises = binding.kUsePromises;

  const active = activeResources(realm);
  /** -> what answers the request, which is told about as long as it is under way */
  const started = (request: unknown): ((outcome: Outcome) => void) => {
    const entry = { name: "FSReqCallback", target: request as object, isReferenced: () => true };
    active.addRequest(entry);
    return (outcome) => {
      active.deleteRequest(entry);
      AsyncWrap.finish(request, () => answer(request as Callback, outcome));
    };
  };

  /** `FSReqPromise` of src/node_file.h: the promise settles in the context of a resource of its own. */
  const promised = (begin: (end: (outcome: Outcome) => void) => void): Promise<unknown> =>
    new NativePromise((resolve, reject) => {
      const wrap = new AsyncWrap("FSREQPROMISE");
      begin(({ error, value }) => AsyncWrap.finish(wrap, () => (error !== undefined ? reject(error) : resolve(value))));
    });

  return {
    AsyncWrap,
    complete(request, outcome) {
      if (request === usePromises) return promised((end) => realm.loop.complete(() => end(outcome)));
      const settle = started(request);
      realm.loop.complete(() => settle(outcome));
      return undefined;
    },
    wait(request, begin) {
      if (request === usePromises) return promised(begin);
      begin(started(request));
      return undefined;
    },
  };
}
