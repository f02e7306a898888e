// Microtasks, ticks, timers and immediates, and clearing what is next.
const log = (...words) => console.log(...words);
process.nextTick(() => {
  log("tick 1");
  Promise.resolve().then(() => log("microtask of tick 1"));
  queueMicrotask(() => process.nextTick(() => log("tick of a microtask")));
});
process.nextTick(() => log("tick 2"));
(async () => {
  for (let i = 0; i < 3; i++) {
    await null;
    log("await", i);
  }
  process.nextTick(() => log("tick after awaits"));
  await new Promise((resolve) => process.nextTick(resolve));
  log("after the tick");
})();
setImmediate(() => {
  log("immediate 1");
  process.nextTick(() => {
    clearImmediate(second);
    Promise.resolve().then(() => clearImmediate(third));
  });
});
const second = setImmediate(() => log("never"));
const third = setImmediate(() => log("never either"));
setImmediate(() => log("immediate 4"));
setImmediate(async () => {
  const timers = [1, 2].map((n) =>
    setTimeout(() => {
      log("timer", n);
      process.nextTick(() => log("tick of timer", n));
      Promise.resolve().then(() => log("microtask of timer", n));
    }, 5),
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  log(timers.length, new Error("here").stack.split("\n").slice(1));
});
process.on("beforeExit", () => {
  log("beforeExit");
  if (!process.exitCode) Promise.resolve().then(() => setImmediate(() => log("more")));
  process.exitCode = 3;
});
