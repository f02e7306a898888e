import { reflectApply } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { Dress, PromiseFollower } from "./followed-promises.ts";
import { looksNative, standIn } from "./proxies.ts";
import { rememberRejection } from "./remembered-rejections.ts";
import { runtimeFunctions } from "./runtime-functions.ts";

export type Hooks = readonly [init: unknown, before: unknown, after: unknown, settled: unknown];

const INIT = 0;
const BEFORE = 1;
const AFTER = 2;
const SETTLED = 3;

/** A proxy over a function of V8's that shows as that function. */
export const dressNative: Dress = (fn, name) => standIn(looksNative(fn, name));

/** Calls the hooks a program has set right now. What they throw is an uncaught exception, as on Node. */
export function followerOf(realm: Realm, hooks: () => Hooks): PromiseFollower {
  const call = (which: number, promise: object, parent?: unknown): void => {
    const hook = hooks()[which];
    if (typeof hook !== "function") return;
    try {
      reflectApply(hook as (...args: unknown[]) => unknown, undefined, [promise, parent]);
    } catch (error) {
      realm.fatalException(error, false);
    }
  };
  return {
    isPromise: (value): value is object => runtimeFunctions.promiseDetails?.(value) !== undefined,
    init: (promise, parent) => call(INIT, promise, parent),
    before: (promise) => call(BEFORE, promise),
    after: (promise) => call(AFTER, promise),
    settled: (promise) => call(SETTLED, promise),
    rejected: (promise, reason) => rememberRejection(realm, promise, reason),
  };
}
