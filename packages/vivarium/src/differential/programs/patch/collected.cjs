"use strict";
// What was collected is told of without native code too.
const { PerformanceObserver } = require("node:perf_hooks");

const told = [];
const registry = new FinalizationRegistry((held) => told.push(held));
const kept = {};
registry.register(kept, "kept");
(() => {
  for (const name of ["one", "two"]) registry.register({}, name);
  const token = {};
  registry.register({}, "unregistered", token);
  console.log(registry.unregister(token), registry.unregister(token));
})();
const observed = new Promise((resolve) => {
  const observer = new PerformanceObserver((list) => {
    const [{ entryType, detail }] = list.getEntries();
    observer.disconnect();
    resolve(`${entryType} ${detail.kind} ${detail.flags}`);
  });
  observer.observe({ entryTypes: ["gc"] });
});
(async () => {
  for (let turn = 0; turn < 50 && told.length < 2; turn++) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
  console.log(told.sort().join(), typeof kept, await observed);
})();
