import { SafeMap, WeakRefProto } from "../primordials.ts";
import { append } from "./define.ts";
import { NativeWeakRef } from "./intrinsics.ts";

/** Who tells what was collected: the native helper, or `WeakWatch`. */
export interface CollectionWatch {
  /** Tells with this number, once, when an object or symbol was collected. */
  watchTarget(target: unknown, id: number): void;
  unwatchTarget(id: number): void;
  /** The numbers of what was collected since; nothing when there are none. */
  takeGone(): readonly number[] | undefined;
}

/** An object that was looked at stays until the job is over: most jobs must be left alone. */
const LOOK_EVERY = 3;

/**
 * Finds out with weak references alone what was collected. An object that nobody has shows that a collection ran; only
 * then is it worth while to look through what is watched.
 */
export class WeakWatch implements CollectionWatch {
  readonly #targets = new SafeMap<number, WeakRef<object>>();
  #canary = new NativeWeakRef({});
  #calls = 0;

  watchTarget(target: unknown, id: number): void {
    this.#targets.set(id, new NativeWeakRef(target as object));
  }

  unwatchTarget(id: number): void {
    this.#targets.delete(id);
  }

  takeGone(): readonly number[] | undefined {
    this.#calls = (this.#calls + 1) % LOOK_EVERY;
    if (this.#calls !== 0 || this.#targets.size === 0) return undefined;
    if (WeakRefProto.deref(this.#canary) !== undefined) return undefined;
    this.#canary = new NativeWeakRef({});
    const gone: number[] = [];
    this.#targets.forEach((target, id) => {
      if (WeakRefProto.deref(target) === undefined) append(gone, id);
    });
    for (let i = 0; i < gone.length; i++) this.#targets.delete(gone[i] as number);
    return gone.length > 0 ? gone : undefined;
  }
}
