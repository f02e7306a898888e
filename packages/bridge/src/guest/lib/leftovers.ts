import { mathMax, mathMin, SafeMap, WeakRefProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { NativeWeakRef } from "./intrinsics.ts";

/** What leftovers are of: host-side states of one kind. */
export interface LeftoverKind {
  /** Open states at which it is first worth looking for abandoned ones. */
  readonly few: number;
  /** Most states the host keeps. */
  readonly most: number;
  /** Frees one on the host. */
  readonly close: (id: number) => void;
}

/**
 * Knows the host's states by their owners in the guest and closes those whose owner was collected before it came to its
 * end. The engine inside a cell never calls a FinalizationRegistry back, so weak references are looked at as states
 * pile up.
 */
export class Leftovers {
  readonly #realm: Realm;
  readonly #kind: LeftoverKind;
  readonly #owners = new SafeMap<number, WeakRef<object>>();
  #next: number;

  constructor(realm: Realm, kind: LeftoverKind) {
    this.#realm = realm;
    this.#kind = kind;
    this.#next = kind.few;
  }

  watch(owner: object, id: number): void {
    this.#owners.set(id, new NativeWeakRef(owner));
  }

  /** The state came to its end by itself. */
  forget(id: number): void {
    this.#owners.delete(id);
  }

  close(id: number): void {
    this.forget(id);
    this.#kind.close(id);
  }

  /** Called before a state is opened. */
  makeRoom(): void {
    const { few, most } = this.#kind;
    if (this.#owners.size < this.#next) return;
    // States weigh little in the guest's heap: the cap may be there before V8 sees a reason to collect.
    if (this.#owners.size >= most) this.#realm.native?.collectGarbage();
    this.#owners.forEach((owner, id) => {
      if (WeakRefProto.deref(owner) === undefined) this.close(id);
    });
    this.#next = mathMin(most, mathMax(few, this.#owners.size * 2));
  }
}
