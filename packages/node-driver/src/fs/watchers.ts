import { type Cause, EVENTS } from "./changes.ts";
import { fail } from "./failure.ts";
import type { Node } from "./node.ts";

/** Watchers one program may have, as `fs.inotify.max_user_watches` bounds them. */
export const MAX_WATCHERS = 1024;
/** Changes that wait for the program; what comes while that many wait is lost, as when inotify's queue is full. */
export const MAX_CHANGES = 4096;

/** One change as the guest gets it: watcher, whether names changed ("rename"), the entry's name or "". */
export type Change = readonly [watcher: number, isRename: boolean, name: string];

interface Queued {
  readonly watcher: number;
  readonly cause: Cause;
  readonly name: string;
}

/** The run's watchers and the one queue of what they heard, in order. */
export class Watchers {
  readonly #stops = new Map<number, () => void>();
  #queue: Queued[] = [];
  #waiting: ((change: Change) => void) | undefined;
  #lastWatcher = 0;

  /**
   * Watches what is there, wherever it is moved to.
   * @returns the watcher's number
   * @throws SyscallFailure ENOSPC when there are too many
   */
  watch(node: Node): number {
    if (this.#stops.size >= MAX_WATCHERS) fail("ENOSPC");
    const watcher = ++this.#lastWatcher;
    this.#stops.set(
      watcher,
      node.watch((cause, name = "") => this.#heard({ watcher, cause, name })),
    );
    return watcher;
  }

  /** @throws SyscallFailure EBADF */
  unwatch(watcher: number): void {
    const stop = this.#stops.get(watcher) ?? fail("EBADF");
    this.#stops.delete(watcher);
    this.#queue = this.#queue.filter((queued) => queued.watcher !== watcher);
    stop();
  }

  /**
   * Waits for the next change of any watched place.
   * @throws SyscallFailure EBUSY when somebody waits already
   */
  next(): Promise<Change> {
    if (this.#waiting !== undefined) fail("EBUSY");
    const first = this.#queue.shift();
    if (first !== undefined) return Promise.resolve(changeOf(first));
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** Who waits is not answered any more: the run is over. */
  closeAll(): void {
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
    this.#queue = [];
    this.#waiting = undefined;
  }

  #heard(queued: Queued): void {
    if (!this.#stops.has(queued.watcher)) return;
    if (this.#waiting !== undefined) {
      const resolve = this.#waiting;
      this.#waiting = undefined;
      resolve(changeOf(queued));
    } else if (this.#queue.length < MAX_CHANGES && !isSame(this.#queue.at(-1), queued)) this.#queue.push(queued);
  }
}

const changeOf = ({ watcher, cause, name }: Queued): Change => [watcher, EVENTS[cause] === "rename", name];

/** inotify drops a change that says the same as the last one in the queue. */
const isSame = (last: Queued | undefined, next: Queued): boolean =>
  last !== undefined && last.watcher === next.watcher && last.cause === next.cause && last.name === next.name;
