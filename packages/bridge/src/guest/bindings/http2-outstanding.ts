import { monotonicNanoseconds } from "../lib/clock.ts";
import { append } from "../lib/define.ts";
import { ArrayProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { type AsyncResource, asyncObjects } from "./async-object.ts";
import type { Callbacks } from "./http2-callbacks.ts";

const NANOSECONDS = 1e6;

/** One frame that waits for its acknowledgement. */
export interface Outstanding {
  readonly resource: AsyncResource;
  readonly callback: unknown;
  /** Nanoseconds of the clock of `process.hrtime()`. */
  readonly began: number;
}

/** Frames of one kind that wait to be acknowledged: PING, SETTINGS. At most so many at once. */
export class OutstandingFrames {
  readonly #realm: Realm;
  readonly #callbacks: Callbacks;
  readonly #provider: string;
  readonly #most: number;
  #waiting: Outstanding[] = [];

  /** @param provider its name in `async_hooks`, `HTTP2PING` */
  constructor(realm: Realm, callbacks: Callbacks, provider: string, most: number) {
    this.#realm = realm;
    this.#callbacks = callbacks;
    this.#provider = provider;
    this.#most = most;
  }

  /** Begins to wait. -> nothing when too many wait already: then it is over */
  begin(callback: unknown, send: (began: number) => boolean): boolean {
    const target = { __proto__: null as never };
    const resource = asyncObjects(this.#realm).begin(target, this.#provider);
    const outstanding = { resource, callback, began: monotonicNanoseconds(this.#realm) };
    if (this.#waiting.length >= this.#most || !send(outstanding.began)) {
      this.finish(outstanding, false);
      return false;
    }
    append(this.#waiting, outstanding);
    return true;
  }

  /** The oldest one, which is acknowledged next. */
  shift(): Outstanding | undefined {
    return ArrayProto.shift(this.#waiting) as Outstanding | undefined;
  }

  /** @returns milliseconds it took */
  finish({ resource, callback, began }: Outstanding, ack: boolean, payload?: Uint8Array): number {
    const duration = (monotonicNanoseconds(this.#realm) - began) / NANOSECONDS;
    this.#callbacks.make(() => resource.call(callback, [ack, duration, payload]));
    resource.destroy();
    return duration;
  }

  /** Those that will not be acknowledged any more. */
  takeAll(): Outstanding[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
