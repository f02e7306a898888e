import { MapProto, mathRound } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { bindingError } from "./binding-error.ts";
import { monotonicNanoseconds } from "./clock.ts";
import { HdrHistogram } from "./hdr-histogram.ts";
import { registerHostObject } from "./host-objects.ts";
import { ToBigInt, ToNumber } from "./intrinsics.ts";
import { looksNative } from "./proxies.ts";

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** What handles that are clones of each other share (`Histogram` of src/histogram.h). */
class SharedHistogram {
  readonly hdr: HdrHistogram;
  count = 0;
  exceeds = 0;
  /** When the last delta was taken, nanoseconds; 0 before the first. */
  #previous = 0;

  constructor(hdr: HdrHistogram) {
    this.hdr = hdr;
  }

  record(value: bigint): void {
    if (this.hdr.record(value)) this.count++;
    else this.exceeds++;
  }

  recordDelta(now: number): void {
    if (this.#previous > 0) this.record(ToBigInt(now - this.#previous));
    this.#previous = now;
  }

  add(other: SharedHistogram): number {
    this.count += other.count;
    this.exceeds += other.exceeds;
    if (other.#previous > this.#previous) this.#previous = other.#previous;
    return this.hdr.add(other.hdr);
  }

  reset(): void {
    this.hdr.reset();
    this.count = 0;
    this.exceeds = 0;
    this.#previous = 0;
  }
}

/** The classes under `perf_hooks.createHistogram` and `monitorEventLoopDelay`. */
export interface Histograms {
  readonly Histogram: new (lowest: number | bigint, highest: number | bigint, figures: number) => object;
  createELDHistogram(interval: number): object;
}

/** `HistogramBase` and `IntervalHistogram` of src/histogram.cc. */
export function histogramClasses(realm: Realm): Histograms {
  const now = (): number => mathRound(monotonicNanoseconds(realm));
  let adopt: SharedHistogram | undefined;

  class Handle {
    readonly #shared: SharedHistogram;

    constructor(lowest: number | bigint, highest: number | bigint, figures: number) {
      const hdr = adopt ? adopt.hdr : HdrHistogram.create(ToBigInt(lowest), ToBigInt(highest), figures);
      // Node ends its process here.
      if (!hdr) throw bindingError("RangeError", "ERR_OUT_OF_RANGE", "The histogram's range is out of bounds");
      this.#shared = adopt ?? new SharedHistogram(hdr);
      adopt = undefined;
      registerHostObject(this, {
        clone: () => {
          adopt = this.#shared;
          return new Histogram(1, 2, 1);
        },
      });
    }

    static sharedOf(handle: Handle): SharedHistogram {
      return handle.#shared;
    }

    count = () => this.#shared.count;
    countBigInt = () => ToBigInt(this.#shared.count);
    exceeds = () => this.#shared.exceeds;
    exceedsBigInt = () => ToBigInt(this.#shared.exceeds);
    min = () => ToNumber(this.#shared.hdr.min());
    minBigInt = () => this.#shared.hdr.min();
    max = () => ToNumber(this.#shared.hdr.max());
    maxBigInt = () => this.#shared.hdr.max();
    mean = () => this.#shared.hdr.mean();
    stddev = () => this.#shared.hdr.stddev();
    percentile = (percentile: number) => ToNumber(this.#shared.hdr.percentile(percentile));
    percentileBigInt = (percentile: number) => this.#shared.hdr.percentile(percentile);
    percentiles = (into: Map<unknown, unknown>) => {
      this.#shared.hdr.percentiles((percentile, value) => MapProto.set(into, percentile, ToNumber(value)));
    };
    percentilesBigInt = (into: Map<unknown, unknown>) => {
      this.#shared.hdr.percentiles((percentile, value) => MapProto.set(into, percentile, value));
    };
    reset = () => this.#shared.reset();
  }

  class Histogram extends Handle {
    record = (value: number | bigint) => {
      const recorded = ToBigInt(value);
      if (recorded < 1n || recorded > INT64_MAX || recorded < INT64_MIN) {
        throw bindingError("RangeError", "ERR_OUT_OF_RANGE", "value is out of range");
      }
      Handle.sharedOf(this).record(recorded);
    };
    recordDelta = () => Handle.sharedOf(this).recordDelta(now());
    add = (other: Handle) => Handle.sharedOf(this).add(Handle.sharedOf(other));
  }

  /** Records how late a timer is that nothing else waits for. */
  class IntervalHistogram extends Handle {
    readonly #interval: number;
    #timer: object | undefined;

    constructor(interval: number) {
      // An hour, in nanoseconds.
      super(1, 3.6e12, 3);
      this.#interval = interval;
    }

    start = (reset?: unknown) => {
      if (this.#timer) return;
      if (reset === true) this.reset();
      const { setInterval } = timers();
      this.#timer = setInterval(() => Handle.sharedOf(this).recordDelta(now()), this.#interval);
      (this.#timer as { unref(): void }).unref();
    };
    stop = () => {
      if (this.#timer) timers().clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  interface Timers {
    setInterval(run: () => void, milliseconds: number): object;
    clearInterval(timer: object): void;
  }
  const timers = (): Timers => realm.requireBuiltin<Timers>("timers");
  return {
    Histogram: looksNative(Histogram, "Histogram") as Histograms["Histogram"],
    createELDHistogram: (interval) => new IntervalHistogram(interval),
  };
}
