import { runtimeFunctions } from "../lib/runtime-functions.ts";
import { reflectApply, SafeWeakMap } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";

/** `internalBinding('task_queue')` (src/node_task_queue.cc). */
export const install: InstallBinding = (binding, realm) => {
  const { hooks } = realm.loop;
  const tickInfo = binding["tickInfo"] as Uint8Array;
  tickInfo.fill(0);
  hooks.tickInfo = tickInfo;
  const then = Promise.prototype.then;
  const settled = Promise.resolve();
  binding["enqueueMicrotask"] = (callback: () => void) => {
    const run = () => {
      try {
        callback();
      } catch (error) {
        realm.fatalException(error, false);
      }
    };
    const exact = realm.native ?? runtimeFunctions;
    // Where neither is there promise hooks do not exist, and cannot see this promise.
    if (exact.enqueueMicrotask) exact.enqueueMicrotask(run);
    else reflectApply(then, settled, [run]);
  };
  binding["setTickCallback"] = (callback: () => void) => {
    hooks.tick = callback;
  };
  binding["runMicrotasks"] = () => (realm.native ?? runtimeFunctions).runMicrotasks?.();
  binding["mustYield"] = () => !realm.loop.drains;
  binding["setPromiseRejectCallback"] = (callback: RejectCallback) => {
    rejectCallbacks.set(realm, callback);
    realm.onAttach(() => realm.native?.setPromiseRejectCallback(callback));
  };
};

type RejectCallback = (event: number, promise: unknown, reason: unknown) => void;
const rejectCallbacks = new SafeWeakMap<Realm, RejectCallback>();

/** The library's promise rejection handler, for whoever learns of a rejection. */
export const promiseRejected = (realm: Realm): RejectCallback | undefined => rejectCallbacks.get(realm);
