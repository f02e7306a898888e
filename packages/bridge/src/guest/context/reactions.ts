import { NativePromise } from "../lib/intrinsics.ts";
import { PromiseProto, reflectDefineProperty } from "../primordials.ts";

/** One run of a script or module. */
export interface Turn {
  /** A time limit ended it. */
  isOver: boolean;
}

type Callback = (value: unknown) => unknown;

/**
 * With a microtask queue of its own (`microtaskMode: "afterEvaluate"`), what a script has queued dies with it when its time
 * is over. V8's one queue forgets nothing; so `then` gives it callbacks that do nothing any more when their turn came too
 * late. What is queued by `await` is out of reach.
 * @param current the run under way
 */
export function watchReactions(current: () => Turn | undefined): void {
  const guard = (callback: unknown): Callback | undefined => {
    const turn = current();
    if (typeof callback !== "function") return undefined;
    if (!turn) return callback as Callback;
    return (value) => (turn.isOver ? new NativePromise(() => {}) : (callback as Callback)(value));
  };
  const { then } = {
    // biome-ignore lint/suspicious/noThenProperty: it takes the place of V8's own
    then(this: Promise<unknown>, onFulfilled: unknown, onRejected: unknown): unknown {
      return PromiseProto.then(this, guard(onFulfilled), guard(onRejected));
    },
  };
  reflectDefineProperty(NativePromise.prototype, "then", { value: then, writable: true, configurable: true });
}
