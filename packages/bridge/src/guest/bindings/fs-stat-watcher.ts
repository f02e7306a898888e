import { SyscallError } from "../client.ts";
import { errnoOf } from "../lib/uvexception.ts";
import type { Binding, Realm } from "../realm.ts";
import { absolute } from "./fs-path.ts";
import { fillStats } from "./fs-stat.ts";
import { type Handle, handlesOf } from "./handle-wrap.ts";

/** Numbers of one stat. */
const FIELDS = 18;
/** What a stat that failed looks like. */
const NOTHING: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/** `statbuf_eq` of libuv's src/fs-poll.c: everything but nlink, rdev, sizes of blocks and atime. */
const COMPARED: readonly number[] = [0, 1, 3, 4, 7, 8, 12, 13, 14, 15, 16, 17];

function isSame(before: readonly number[], after: readonly number[]): boolean {
  for (let i = 0; i < COMPARED.length; i++) {
    const field = COMPARED[i] as number;
    if (before[field] !== after[field]) return false;
  }
  return true;
}

type SetTimer = (callback: () => void, delay: number) => unknown;
/** Runs what is to be heard: status (0 or a negative errno) and the stats before and after. */
type Hear = (status: number, before: readonly number[], after: readonly number[]) => void;

/** `uv_fs_poll_t` (src/fs-poll.c): looks, and looks again after each interval. */
class Poll {
  readonly #realm: Realm;
  readonly #path: string;
  readonly #interval: number;
  readonly #hear: Hear;
  #before = NOTHING;
  /** The last failure, 1 after a stat that was answered, 0 before the first. */
  #status = 0;
  isStopped = false;

  constructor(realm: Realm, path: string, interval: number, hear: Hear) {
    this.#realm = realm;
    this.#path = path;
    this.#interval = interval === 0 ? 1 : interval;
    this.#hear = hear;
    realm.loop.complete(() => this.#look());
  }

  #look(): void {
    if (this.isStopped) return;
    // Not a timer the program can count, hold on to or replace; the watcher itself keeps the program alive.
    const { setUnrefTimeout } = this.#realm.requireBuiltin<{ setUnrefTimeout: SetTimer }>("internal/timers");
    setUnrefTimeout(() => this.#look(), this.#interval);
    try {
      this.#found(this.#realm.sys.fs.stat(this.#path));
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#failed(errnoOf(this.#realm, error.code));
    }
  }

  #found(after: readonly number[]): void {
    const before = this.#before;
    const changed = this.#status < 0 || (this.#status === 1 && !isSame(before, after));
    this.#before = after;
    this.#status = 1;
    if (changed) this.#hear(0, before, after);
  }

  #failed(status: number): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#hear(status, this.#before, NOTHING);
  }
}

/** `StatWatcher` of `internalBinding('fs')` (src/node_stat_watcher.cc), under fs.watchFile. */
export function installStatWatcher(binding: Binding, realm: Realm): void {
  const { HandleWrap, innerOf } = handlesOf(realm);

  class StatWatcher extends HandleWrap {
    readonly #isBig: boolean;
    #isStarted = false;
    declare onchange: unknown;

    constructor(useBigint: unknown) {
      super({ provider: "STATWATCHER", name: "StatWatcher" });
      this.#isBig = useBigint === true;
    }

    /** -> 0 or a negative errno */
    start(path: unknown, interval: number): number {
      const inner = innerOf(this);
      if (this.#isStarted || inner.isClosing) return 0;
      this.#isStarted = true;
      const hear: Hear = (status, before, after) => this.#tell(inner, status, before, after);
      const poll = new Poll(realm, absolute(realm, path), interval, hear);
      inner.setActive(true);
      inner.atClose(() => {
        poll.isStopped = true;
      });
      return 0;
    }

    #tell(inner: Handle, status: number, before: readonly number[], after: readonly number[]): void {
      const values = binding[this.#isBig ? "bigintStatValues" : "statValues"] as Float64Array | BigInt64Array;
      fillStats(values, after, 0);
      fillStats(values, before, FIELDS);
      inner.resource.call(this.onchange, [status, values]);
    }
  }

  binding["StatWatcher"] = StatWatcher;
}
