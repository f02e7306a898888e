/**
 * The one of V8's runtime functions that every guest's library needs: it keeps under private symbols what programs must
 * not see, and no API makes one. It is never called again once the snapshot is made.
 */
const PRIVATE_SYMBOL = "createPrivateSymbol: (description) => %CreatePrivateSymbol(description)";

/**
 * V8's own runtime functions that a guest's library needs where no native helper is loaded: an expression in V8's
 * `%` syntax, which is on while a snapshot is made and at no other time. What runs later is the bytecode in the snapshot,
 * so V8 must never compile these functions a second time. It throws the bytecode of old functions away, but never that of
 * a function that can be suspended: each call stands in an async function that never awaits. Each has run before the
 * snapshot is taken, for what has not run is not compiled.
 *
 * A runtime function believes its caller: a value of another kind than it works on is read as if it were one. So no call
 * is reachable but with a value V8 itself has tested just before, whoever gets hold of the outer functions. The guest's
 * side is packages/bridge/src/guest/lib/runtime-functions.ts; docs/adr/0011-runtime-functions.md has the reasons.
 */
export const RUNTIME_FUNCTIONS = `(() => {
  // No call site gives a function of these away.
  "use strict";
  const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, isExtensible } = Reflect;
  const { resolve } = Promise;
  const plainPromise = new Promise(() => {});
  let answer;
  const checkpoint = async () => { %PerformMicrotaskCheckpoint(); };
  const enqueue = async (run) => { %EnqueueMicrotask(run); };
  const testProxy = async (value) => { answer = %IsJSProxy(value); };
  const readTarget = async (proxy) => { answer = %JSProxyGetTarget(proxy); };
  const readHandler = async (proxy) => { answer = %JSProxyGetHandler(proxy); };
  const compareMaps = async (one, other) => { answer = %HaveSameMap(one, other); };
  const readStatus = async (promise) => { answer = %PromiseStatus(promise); };
  // A promise has its result where a generator has its function; the test below says whether it still does.
  const readResult = async (promise) => { answer = %GeneratorGetFunction(promise); };
  const disallow = async (flag) => { %DisallowCodegenFromStrings(flag); };
  const ask = (question, one, other) => {
    answer = undefined;
    question(one, other);
    const given = answer;
    answer = undefined;
    return given;
  };
  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";
  const isProxy = (value) => isObject(value) && ask(testProxy, value) === true;
  const haveSameMap = (one, other) => isObject(one) && isObject(other) && ask(compareMaps, one, other) === true;
  const isPromise = (value) => {
    if (!isObject(value) || isProxy(value)) return false;
    if (haveSameMap(value, plainPromise)) return true;
    if (getOwnPropertyDescriptor(value, "constructor") !== undefined || !isExtensible(value)) return undefined;
    const maker = function () { throw maker; };
    if (!defineProperty(value, "constructor", { __proto__: null, value: maker, configurable: true })) return undefined;
    try {
      // A promise that names the receiver as its maker is given back as it is; for anything else the maker is called.
      return apply(resolve, maker, [value]) === value;
    } catch {
      return false;
    } finally {
      deleteProperty(value, "constructor");
    }
  };
  const functions = {
    runMicrotasks: () => { checkpoint(); },
    enqueueMicrotask: (run) => { enqueue(() => { run(); }); },
    isProxy,
    proxyDetails: (value) => (isProxy(value) ? [ask(readTarget, value), ask(readHandler, value)] : undefined),
    haveSameMap,
    isPromise,
    promiseDetails: (value) => {
      if (isPromise(value) !== true) return undefined;
      const state = ask(readStatus, value);
      return state === 0 ? [0] : [state, ask(readResult, value)];
    },
    disallowStrings: () => { disallow(true); },
  };
  const target = {};
  const handler = {};
  const proxy = functions.proxyDetails(new Proxy(target, handler));
  const fulfilled = functions.promiseDetails(Promise.resolve(target));
  const failed = Promise.reject(handler);
  failed.catch(() => {});
  const rejected = functions.promiseDetails(failed);
  class Derived extends Promise {}
  let order = "";
  Promise.resolve().then(() => { order += "a"; });
  functions.enqueueMicrotask(() => { order += "b"; });
  functions.runMicrotasks();
  disallow(false);
  const works =
    proxy[0] === target && proxy[1] === handler && !isProxy(target) && !isProxy(1) &&
    fulfilled[0] === 1 && fulfilled[1] === target && rejected[0] === 2 && rejected[1] === handler &&
    functions.promiseDetails(plainPromise)[0] === 0 && functions.promiseDetails(target) === undefined &&
    functions.promiseDetails(Derived.resolve(1))[1] === 1 && haveSameMap({}, {}) && !haveSameMap({}, []) && order === "ab";
  return { __proto__: null, ${PRIVATE_SYMBOL}, ...(works ? functions : undefined) };
})()`;

/** The same where V8 lacks one of the others. */
export const FEWER_RUNTIME_FUNCTIONS = `{ __proto__: null, ${PRIVATE_SYMBOL} }`;
