import { ArrayProto, SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { append } from "./define.ts";
import { knownSpaces } from "./known-heap.ts";

/** One garbage collection; times in nanoseconds before it was told of. */
export interface Collection {
  readonly type: number;
  readonly flags: number;
  readonly sinceStart: number;
  readonly sinceEnd: number;
  /** Heap and spaces before it, then after it; empty unless somebody asked. */
  readonly details: readonly number[];
}

type Tell = (collection: Collection) => void;

const TYPE = 0;
const FLAGS = 1;
const SINCE_START = 2;
const SINCE_END = 3;
const DETAILS = 4;
/** `v8::GCType` and `v8::GCCallbackFlags` of a collection by `gc()`. */
const MARK_SWEEP_COMPACT = 4;
const FORCED = 4;
/** Of the clock's milliseconds. */
const NANOSECONDS = 1e6;

/** Who hears of the collections of one guest: performance observers and profilers. */
export class Collections {
  readonly #realm: Realm;
  #observer: Tell | undefined;
  #profiler: Tell | undefined;
  #asked: Collection | undefined;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  /** Observers are told between callbacks. */
  watch(tell: Tell): void {
    this.#observer = tell;
    this.#update();
  }

  unwatch(): void {
    this.#observer = undefined;
    this.#update();
  }

  /** Without the native helper only a collection that the program asked for can be told of. @param run collects */
  asked(run: () => void): void {
    const realm = this.#realm;
    if (realm.native || !(this.#observer || this.#profiler)) {
      run();
      return;
    }
    const details: number[] = [];
    const note = (): void => {
      const known = this.#profiler ? knownSpaces(realm) : [];
      for (let i = 0; i < known.length; i++) append(details, known[i] as number);
    };
    note();
    const began = realm.now();
    run();
    const took = (realm.now() - began) * NANOSECONDS;
    note();
    const collection = { type: MARK_SWEEP_COMPACT, flags: FORCED, sinceStart: took, sinceEnd: 0, details };
    this.#profiler?.(collection);
    this.#asked = collection;
  }

  /** A profiler is told with statistics; the last ones when it stops. */
  profile(tell: Tell | undefined): void {
    this.#deliver();
    this.#profiler = tell;
    this.#update();
  }

  #update(): void {
    const { native, loop } = this.#realm;
    const tracks = this.#observer !== undefined || this.#profiler !== undefined;
    native?.trackCollections(tracks, this.#profiler !== undefined);
    loop.metrics.onWake = tracks ? () => this.#deliver() : undefined;
  }

  #deliver(): void {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked) this.#observer?.(asked);
    const taken = this.#realm.native?.takeCollections();
    for (let i = 0; taken && i < taken.length; i++) {
      const one = taken[i] as readonly number[];
      const collection: Collection = {
        type: one[TYPE] as number,
        flags: one[FLAGS] as number,
        sinceStart: one[SINCE_START] as number,
        sinceEnd: one[SINCE_END] as number,
        details: ArrayProto.slice(one, DETAILS) as number[],
      };
      this.#observer?.(collection);
      this.#profiler?.(collection);
    }
  }
}

const known = new SafeWeakMap<Realm, Collections>();

export function collectionsOf(realm: Realm): Collections {
  const collections = known.get(realm) ?? new Collections(realm);
  known.set(realm, collections);
  return collections;
}
