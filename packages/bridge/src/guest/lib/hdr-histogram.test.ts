import { createHistogram } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import { HdrHistogram } from "./hdr-histogram.ts";

/** Numbers that are the same in every run. */
function* numbers(count: number): Generator<number> {
  let state = 1;
  for (let i = 0; i < count; i++) {
    state = (state * 48_271) % 0x7fffffff;
    yield (state % 2 ** (1 + (i % 30))) + 1;
  }
}

describe("HdrHistogram", () => {
  it.each([
    [1, Number.MAX_SAFE_INTEGER, 3],
    [1, 11, 1],
    [7, 50_000, 2],
    [1024, 2 ** 40, 4],
  ])("from %d to %d with %d figures tells what Node's tells", (lowest, highest, figures) => {
    const node = createHistogram({ lowest, highest, figures });
    const ours = HdrHistogram.create(BigInt(lowest), BigInt(highest), figures) as HdrHistogram;
    for (const value of numbers(3000)) {
      node.record(value);
      ours.record(BigInt(value));
    }
    expect([ours.total, ours.min(), ours.max()]).toEqual([node.count, node.minBigInt, node.maxBigInt]);
    expect(ours.mean()).toBe(node.mean);
    expect(ours.stddev()).toBeCloseTo(node.stddev, 6);
    const percentiles = new Map<number, bigint>();
    ours.percentiles((percentile, value) => percentiles.set(percentile, value));
    expect(percentiles).toEqual(node.percentilesBigInt);
    for (const p of [0.001, 1, 33.3, 50, 99.99, 100]) expect(ours.percentile(p)).toBe(node.percentileBigInt(p));
  });

  it("is refused where its buckets do not fit 64 bits", () => {
    expect(HdrHistogram.create(0n, 10n, 3)).toBeUndefined();
    expect(HdrHistogram.create(5n, 9n, 3)).toBeUndefined();
    expect(HdrHistogram.create(2n ** 60n, 2n ** 62n, 5)).toBeUndefined();
  });
});
