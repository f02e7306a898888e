import { TlsEvent } from "../../contract/tls.ts";
import { exactCopy } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { ArrayProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { Event, TlsEngine } from "./tls-engine.ts";

/**
 * Events that came from the stream below, told in their order. A `receive` among them is what the engine has still to
 * see: it sees one record at a time, so that callbacks find it as far as it was when OpenSSL makes them.
 */
export class TlsEventQueue {
  readonly #realm: Realm;
  readonly #engine: TlsEngine;
  /** In the loop each event is a callback of its own, with its ticks. */
  readonly #isInLoop: boolean;
  readonly #tell: (event: Event) => void;
  #untold: Event[] = [];

  constructor(realm: Realm, engine: TlsEngine, isInLoop: boolean, tell: (event: Event) => void) {
    this.#realm = realm;
    this.#engine = engine;
    this.#isInLoop = isInLoop;
    this.#tell = tell;
  }

  add(events: readonly Event[]): void {
    const isTelling = this.#untold.length > 0;
    for (let i = 0; i < events.length; i++) append(this.#untold, events[i] as Event);
    if (!isTelling) this.#tellNext();
  }

  clear(): void {
    this.#untold = [];
  }

  readonly #tellNext = (): void => {
    for (let event = this.#next(); event !== undefined; event = this.#next()) {
      if (this.#isInLoop && event[0] !== TlsEvent.output) {
        if (this.#untold.length > 0) this.#realm.loop.goOn(this.#tellNext);
        this.#tell(event);
        return;
      }
      let isTold = false;
      try {
        this.#tell(event);
        isTold = true;
      } finally {
        if (!isTold) this.#realm.loop.complete(this.#tellNext);
      }
    }
  };

  #next(): Event | undefined {
    for (;;) {
      const next = ArrayProto.shift(this.#untold) as Event | undefined;
      if (next?.[0] !== "receive") return next;
      const events = this.#engine.receive(exactCopy(next[1] as Uint8Array));
      for (let i = events.length - 1; i >= 0; i--) ArrayProto.unshift(this.#untold, events[i]);
    }
  }
}
