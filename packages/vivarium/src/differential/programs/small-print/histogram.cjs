// Histograms of every shape: what they record, refuse, and tell.
const { createHistogram } = require("node:perf_hooks");
const { inspect } = require("node:util");

function show(histogram) {
  const { count, min, minBigInt, max, maxBigInt, mean, stddev, exceeds } = histogram;
  console.log(count, min, minBigInt, max, maxBigInt, mean, stddev, exceeds);
  console.log([...histogram.percentiles].join(" "), [...histogram.percentilesBigInt].join(" "));
  for (const p of [0.1, 25, 50, 90, 99.9, 100]) console.log(p, histogram.percentile(p), histogram.percentileBigInt(p));
}

const shapes = [
  {},
  { lowest: 1, highest: 11, figures: 1 },
  { lowest: 100, highest: 1_000_000, figures: 2 },
  { lowest: 1n, highest: 2n ** 62n, figures: 4 },
  { lowest: 2 ** 30, highest: 2 ** 50, figures: 3 },
];
for (const shape of shapes) {
  const histogram = createHistogram(shape);
  show(histogram);
  histogram.record(1);
  for (let i = 1; i < 2000; i += 7) histogram.record(i * i);
  for (let i = 1; i < 60; i++) histogram.record(2n ** BigInt(i) + 3n);
  show(histogram);
  const sum = createHistogram({ lowest: 1, highest: 11, figures: 1 });
  sum.add(histogram);
  show(sum);
  const clone = structuredClone(histogram);
  clone.record(77);
  console.log(histogram.count, inspect(histogram), JSON.stringify(histogram));
  for (const value of [0n, -1n, 2n ** 63n, 2n ** 70n]) {
    try {
      histogram.record(value);
    } catch ({ name, code, message }) {
      console.log(name, code, message);
    }
  }
  histogram.reset();
  show(histogram);
}
