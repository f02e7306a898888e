// A fresh isolate of isolated-vm to its first result, and a second evaluation in it; medians, as JSON.
const ivm = require(process.argv[2]);
const first = [];
const second = [];
for (let i = 0; i < 20; i++) {
  const started = performance.now();
  const isolate = new ivm.Isolate({ memoryLimit: 128 });
  const context = isolate.createContextSync();
  context.evalSync("6 * 7");
  const between = performance.now();
  context.evalSync("6 * 7");
  second.push(performance.now() - between);
  first.push(between - started);
  isolate.dispose();
}
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
console.log(JSON.stringify({ first: median(first), second: median(second) }));
