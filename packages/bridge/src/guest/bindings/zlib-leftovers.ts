import { MAX_ZLIB_STREAMS } from "../../contract/zlib.ts";
import { NativeWeakRef } from "../lib/intrinsics.ts";
import { mathMax, mathMin, SafeMap, WeakRefProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** Open streams at which it is first worth looking for abandoned ones. */
const FEW = 64;

/**
 * Knows the host's streams by their handles and closes those whose handle was collected before it was closed. The
 * engine inside a cell never calls a FinalizationRegistry back, so weak references are looked at as streams pile up.
 */
export class Leftovers {
  readonly #realm: Realm;
  readonly #owners = new SafeMap<number, WeakRef<object>>();
  #next = FEW;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  watch(owner: object, id: number): void {
    this.#owners.set(id, new NativeWeakRef(owner));
  }

  close(id: number): void {
    this.#owners.delete(id);
    this.#realm.sys.zlib.close(id);
  }

  /** Called before a stream is opened. */
  makeRoom(): void {
    if (this.#owners.size < this.#next) return;
    // Streams weigh little in the guest's heap: the cap may be there before V8 sees a reason to collect.
    if (this.#owners.size >= MAX_ZLIB_STREAMS) this.#realm.native?.collectGarbage();
    this.#owners.forEach((owner, id) => {
      if (WeakRefProto.deref(owner) === undefined) this.close(id);
    });
    this.#next = mathMin(MAX_ZLIB_STREAMS, mathMax(FEW, this.#owners.size * 2));
  }
}
