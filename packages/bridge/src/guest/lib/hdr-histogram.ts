import {
  mathCeil,
  mathClz32,
  mathFloor,
  mathLog,
  mathLog10,
  mathMax,
  mathMin,
  mathPow,
  mathSqrt,
} from "../primordials.ts";
import { Doubles, ToBigInt, ToNumber } from "./intrinsics.ts";

const INT64_MAX = 0x7fffffffffffffffn;
const { asIntN } = ToBigInt;

/** Number of binary digits of a value that is not negative. */
function bitLength(value: bigint): number {
  const high = ToNumber(value >> 32n);
  return high > 0 ? 64 - mathClz32(high) : 32 - mathClz32(ToNumber(value));
}

/** What an iteration shows of one bucket that has counts. */
export interface Recorded {
  readonly value: bigint;
  readonly count: number;
}

/**
 * A High Dynamic Range histogram (HdrHistogram_c, deps/histogram of Node): counts of values in buckets whose width grows
 * with the value, so that each value keeps the asked number of significant decimal digits.
 */
export class HdrHistogram {
  readonly #highest: bigint;
  readonly #unitMagnitude: bigint;
  readonly #halfCountMagnitude: number;
  readonly #subBucketCount: number;
  readonly #halfCount: number;
  readonly #subBucketMask: bigint;
  readonly #counts: Float64Array;
  #min = INT64_MAX;
  #max = 0n;
  total = 0;

  /** @returns nothing where the figures do not fit 64 bits (`hdr_init` answers EINVAL) */
  static create(lowest: bigint, highest: bigint, figures: number): HdrHistogram | undefined {
    if (lowest < 1n || figures < 1 || figures > 5 || lowest * 2n > highest) return undefined;
    const histogram = new HdrHistogram(lowest, highest, figures);
    return ToNumber(histogram.#unitMagnitude) + histogram.#halfCountMagnitude > 61 ? undefined : histogram;
  }

  private constructor(lowest: bigint, highest: bigint, figures: number) {
    this.#highest = highest;
    const magnitude = mathCeil(mathLog10(2 * mathPow(10, figures)) / mathLog10(2));
    this.#unitMagnitude = ToBigInt(bitLength(lowest) - 1);
    this.#halfCountMagnitude = mathMax(magnitude, 1) - 1;
    this.#subBucketCount = mathPow(2, this.#halfCountMagnitude + 1);
    this.#halfCount = this.#subBucketCount / 2;
    this.#subBucketMask = ToBigInt(this.#subBucketCount - 1) << this.#unitMagnitude;
    let buckets = 1;
    for (let above = ToBigInt(this.#subBucketCount) << this.#unitMagnitude; above <= highest; above <<= 1n) {
      buckets++;
      if (above > INT64_MAX / 2n) break;
    }
    this.#counts = new Doubles((buckets + 1) * this.#halfCount);
  }

  #bucketOf(value: bigint): number {
    return bitLength(value | this.#subBucketMask) - ToNumber(this.#unitMagnitude) - (this.#halfCountMagnitude + 1);
  }

  #subBucketOf(value: bigint, bucket: number): number {
    return ToNumber(value >> (ToBigInt(bucket) + this.#unitMagnitude));
  }

  #valueAt(index: number): bigint {
    let bucket = mathFloor(index / this.#halfCount) - 1;
    let sub = (index % this.#halfCount) + this.#halfCount;
    if (bucket < 0) {
      sub -= this.#halfCount;
      bucket = 0;
    }
    return asIntN(64, ToBigInt(sub) << (ToBigInt(bucket) + this.#unitMagnitude));
  }

  /** The width of a value's bucket. */
  #widthAt(value: bigint): bigint {
    const bucket = this.#bucketOf(value);
    const adjusted = this.#subBucketOf(value, bucket) >= this.#subBucketCount ? bucket + 1 : bucket;
    return 1n << (this.#unitMagnitude + ToBigInt(adjusted));
  }

  #lowestLike(value: bigint): bigint {
    const bucket = this.#bucketOf(value);
    return ToBigInt(this.#subBucketOf(value, bucket)) << (ToBigInt(bucket) + this.#unitMagnitude);
  }

  #highestLike(value: bigint): bigint {
    return asIntN(64, this.#lowestLike(value) + this.#widthAt(value) - 1n);
  }

  #medianLike(value: bigint): bigint {
    return this.#lowestLike(value) + (this.#widthAt(value) >> 1n);
  }

  /** @returns whether the value fits */
  record(value: bigint, count = 1): boolean {
    if (value < 0n || value > this.#highest) return false;
    const bucket = this.#bucketOf(value);
    const index = (bucket + 1) * this.#halfCount + (this.#subBucketOf(value, bucket) - this.#halfCount);
    if (index < 0 || index >= this.#counts.length) return false;
    this.#counts[index] = (this.#counts[index] as number) + count;
    this.total += count;
    if (value < this.#min && value !== 0n) this.#min = value;
    if (value > this.#max) this.#max = value;
    return true;
  }

  /** Adds what another recorded. @returns how many counts do not fit */
  add(other: HdrHistogram): number {
    let dropped = 0;
    other.each(({ value, count }) => {
      if (!this.record(value, count)) dropped += count;
    });
    return dropped;
  }

  /** Goes through the buckets that have counts, from low to high. */
  each(visit: (recorded: Recorded) => void): void {
    let left = this.total;
    for (let i = 0; i < this.#counts.length && left > 0; i++) {
      const count = this.#counts[i] as number;
      if (count === 0) continue;
      left -= count;
      visit({ value: this.#valueAt(i), count });
    }
  }

  min(): bigint {
    if ((this.#counts[0] as number) > 0) return 0n;
    return this.#min === INT64_MAX ? INT64_MAX : this.#lowestLike(this.#min);
  }

  max(): bigint {
    return this.#max === 0n ? 0n : this.#highestLike(this.#max);
  }

  mean(): number {
    let sum = 0n;
    this.each(({ value, count }) => {
      sum = asIntN(64, sum + ToBigInt(count) * this.#medianLike(value));
    });
    return ToNumber(sum) / this.total;
  }

  stddev(): number {
    const mean = this.mean();
    let sum = 0;
    this.each(({ value, count }) => {
      sum += (ToNumber(this.#medianLike(value)) - mean) ** 2 * count;
    });
    return mathSqrt(sum / this.total);
  }

  percentile(percentile: number): bigint {
    const wanted = mathMax(mathFloor((mathMin(percentile, 100) / 100) * this.total + 0.5), 1);
    let seen = 0;
    let found: bigint | undefined;
    this.each(({ value, count }) => {
      seen += count;
      if (seen >= wanted) found ??= value;
    });
    const value = found ?? 0n;
    return percentile === 0 ? this.#lowestLike(value) : this.#highestLike(value);
  }

  /** The values at percentiles that halve the distance to 100 each time, and at 100 (`hdr_iter_percentile_init`). */
  percentiles(visit: (percentile: number, value: bigint) => void): void {
    let next = 0;
    let seen = 0;
    let last = 0n;
    this.each(({ value, count }) => {
      seen += count;
      last = value;
      const current = (100 * seen) / this.total;
      // Once everything is seen, 100 stands for the rest.
      while (next <= current) {
        visit(next, value);
        next += 100 / mathPow(2, mathFloor(mathLog(100 / (100 - next)) / mathLog(2)) + 1);
        if (seen >= this.total) break;
      }
    });
    visit(100, last);
  }

  reset(): void {
    for (let i = 0; i < this.#counts.length; i++) this.#counts[i] = 0;
    this.#min = INT64_MAX;
    this.#max = 0n;
    this.total = 0;
  }
}
