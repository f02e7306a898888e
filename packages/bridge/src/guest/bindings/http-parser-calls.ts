import { reflectApply } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { AsyncResource } from "./async-object.ts";

/** Where the library puts its callbacks on a parser. */
export const On = { messageBegin: 0, headers: 1, headersComplete: 2, body: 3, messageComplete: 4, execute: 5 } as const;

/** The library's callbacks of one parser. */
export class ParserCalls {
  readonly target: object;
  readonly #realm: Realm;
  /** What they run in; a parser begins one with each use. */
  resource: AsyncResource | undefined;
  /** The bytes come from the loop and not from the library: callbacks are the loop's own then. */
  isOutermost = false;

  constructor(realm: Realm, target: object) {
    this.#realm = realm;
    this.target = target;
  }

  has(key: number): boolean {
    return typeof (this.target as Record<number, unknown>)[key] === "function";
  }

  /** Calls a callback where it is there. */
  call(key: number, args: readonly unknown[]): unknown {
    const callback = (this.target as Record<number, unknown>)[key];
    return typeof callback === "function" ? this.resource?.call(callback, args) : undefined;
  }

  /** The same as a callback of the loop, which ends with its ticks (`MakeCallback`), where nothing of the library runs. */
  make(key: number, args: readonly unknown[]): void {
    this.call(key, args);
    if (!this.isOutermost) return;
    const { loop, native, process } = this.#realm;
    if (!loop.hasScheduledTicks) native?.runMicrotasks();
    if (loop.hasScheduledTicks) reflectApply(loop.hooks.tick, process, []);
  }
}
