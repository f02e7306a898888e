import { SafeMap, SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";

type Hear = (isRename: boolean, name: string) => void;

/**
 * What the host tells of watched places. One syscall waits for all watchers, as one inotify descriptor does for a
 * whole libuv loop, so that changes keep their order. Each is delivered as a callback of its own.
 */
export class Changes {
  readonly #realm: Realm;
  readonly #hears = new SafeMap<number, Hear>();
  #isWaiting = false;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  /** -> the watcher's number. @throws SyscallError */
  watch(path: string, hear: Hear): number {
    const watcher = this.#realm.sys.fs.watch(path);
    this.#hears.set(watcher, hear);
    this.#wait();
    return watcher;
  }

  unwatch(watcher: number): void {
    this.#hears.delete(watcher);
    this.#realm.sys.fs.unwatch(watcher);
  }

  #wait(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#realm.start("fs.nextChange", (failure, change) => {
      this.#isWaiting = false;
      // Not answered: the budget is used up. Nothing more can be told.
      if (failure) return;
      const { 0: watcher, 1: isRename, 2: name } = change as readonly [number, boolean, string];
      if (this.#hears.size > 0) this.#wait();
      this.#hears.get(watcher)?.(isRename, name);
    });
  }
}

const made = new SafeWeakMap<Realm, Changes>();

/** The changes of one realm. */
export function changesOf(realm: Realm): Changes {
  const known = made.get(realm) ?? new Changes(realm);
  made.set(realm, known);
  return known;
}
