import { monotonicNanoseconds } from "../lib/clock.ts";
import type { Realm } from "../realm.ts";

const NANOSECONDS = 1e6;
const OBSERVERS = "NODE_PERFORMANCE_ENTRY_TYPE_HTTP2";
/** Index of `milestones`. */
const TIME_ORIGIN = 1;

interface PerformanceBinding {
  readonly observerCounts: Uint32Array;
  readonly constants: Readonly<Record<string, number>>;
  readonly milestones: Float64Array;
  notify(name: string, type: string, start: number, duration: number, details: object): void;
}

/** Tells observers of `http2` entries of one whose time is over, when control is back at the loop. */
function tell(realm: Realm, name: string, began: number, details: object, soon: (run: () => void) => void): void {
  const performance = realm.internalBinding("performance") as unknown as PerformanceBinding;
  const isObserved = (): boolean => performance.observerCounts[performance.constants[OBSERVERS] as number] !== 0;
  if (!isObserved()) return;
  const start = (began - (performance.milestones[TIME_ORIGIN] as number)) / NANOSECONDS;
  const duration = (monotonicNanoseconds(realm) - began) / NANOSECONDS;
  soon(() => {
    if (isObserved()) performance.notify(name, "http2", start, duration, details);
  });
}

/** What `PerformanceObserver` shows of a stream. Times are nanoseconds. */
export class StreamStatistics {
  readonly #realm: Realm;
  readonly began: number;
  #firstHeader = 0;
  #firstByte = 0;
  #firstByteSent = 0;

  constructor(realm: Realm) {
    this.#realm = realm;
    this.began = monotonicNanoseconds(realm);
  }

  headerCame(): void {
    if (this.#firstHeader === 0) this.#firstHeader = monotonicNanoseconds(this.#realm);
  }

  byteCame(): void {
    if (this.#firstByte === 0) this.#firstByte = monotonicNanoseconds(this.#realm);
  }

  byteAsked(): void {
    if (this.#firstByteSent === 0) this.#firstByteSent = monotonicNanoseconds(this.#realm);
  }

  tell(id: number, bytesRead: number, bytesWritten: number, soon: (run: () => void) => void): void {
    const since = (time: number): number => (time - this.began) / NANOSECONDS;
    const details = {
      bytesRead,
      bytesWritten,
      id,
      timeToFirstByte: since(this.#firstByte),
      timeToFirstByteSent: since(this.#firstByteSent),
      timeToFirstHeader: since(this.#firstHeader),
    };
    tell(this.#realm, "Http2Stream", this.began, details, soon);
  }
}

/** What `PerformanceObserver` shows of a session. */
export class SessionStatistics {
  readonly #realm: Realm;
  readonly #began: number;
  readonly #type: string;
  bytesWritten = 0;
  bytesRead = 0;
  framesReceived = 0;
  framesSent = 0;
  maxConcurrentStreams = 0;
  pingMs = 0;
  streamCount = 0;
  #streamMs = 0;

  constructor(realm: Realm, isServer: boolean) {
    this.#realm = realm;
    this.#began = monotonicNanoseconds(realm);
    this.#type = isServer ? "server" : "client";
  }

  /** A stream ended that began then, nanoseconds. */
  streamEnded(began: number): void {
    this.#streamMs = (monotonicNanoseconds(this.#realm) - began) / this.streamCount / NANOSECONDS;
  }

  tell(soon: (run: () => void) => void): void {
    const details = {
      bytesWritten: this.bytesWritten,
      bytesRead: this.bytesRead,
      framesReceived: this.framesReceived,
      framesSent: this.framesSent,
      maxConcurrentStreams: this.maxConcurrentStreams,
      pingRTT: this.pingMs * NANOSECONDS,
      streamAverageDuration: this.#streamMs,
      streamCount: this.streamCount,
      type: this.#type,
    };
    tell(this.#realm, "Http2Session", this.#began, details, soon);
  }
}
