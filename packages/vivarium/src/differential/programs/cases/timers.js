//// timeouts of equal length keep their order
for (let i = 0; i < 5; i++) setTimeout(console.log, 1, "timeout", i);
setTimeout(() => console.log("zero is one"), 0);
setTimeout(() => console.log("negative is one"), -5);
console.log("main");

//// ticks, microtasks, immediates after the main program
setImmediate(() => console.log("immediate"));
process.nextTick(() => console.log("tick"));
Promise.resolve().then(() => console.log("promise"));
queueMicrotask(() => console.log("microtask"));
console.log("main");

//// immediates queued by immediates wait for the next round
setImmediate(() => {
  console.log("a");
  setImmediate(() => console.log("c"));
  process.nextTick(() => console.log("tick after a"));
});
setImmediate(() => console.log("b"));

//// clearing before, during and after
const t = setTimeout(() => console.log("never"), 1);
clearTimeout(t);
const other = setTimeout(() => { console.log("one"); clearTimeout(third); }, 1);
const third = setTimeout(() => console.log("never either"), 1);
const i = setImmediate(() => console.log("no"));
clearImmediate(i);
clearTimeout(undefined);
clearTimeout(99999);
clearTimeout(String(+setTimeout(() => console.log("by number: no"), 1)));
setTimeout(() => { clearTimeout(other); console.log("end", other._destroyed, i._destroyed); }, 3);

//// an interval, cleared in its own callback
let n = 0;
const i = setInterval((a, b) => {
  console.log("round", ++n, a, b, i._repeat);
  if (n === 3) clearInterval(i);
}, 1, "x", "y");

//// unref does not keep the program alive, ref does
const a = setTimeout(() => console.log("never"), 1e6).unref();
const b = setTimeout(() => console.log("fires"), 2).unref().ref();
console.log(a.hasRef(), b.hasRef());
setInterval(() => {}, 1e6).unref();
process.on("exit", () => console.log("exit"));

//// refresh starts it again
let n = 0;
const t = setTimeout(() => {
  console.log("fired", ++n);
  if (n < 3) t.refresh();
}, 1);
console.log(t.refresh() === t, typeof t[Symbol.toPrimitive](), +t === t[Symbol.toPrimitive]());

//// a timer and an immediate inspected
const { inspect } = require("util");
const t = setTimeout(() => {}, 5);
const clean = (text) => text.replace(/\[Symbol\((asyncId|triggerId)\)\]: \d+/g, "[Symbol($1)]: N").replace(/_idleStart: \d+/, "_idleStart: N");
console.log(clean(inspect(t, { depth: 0 })), t.constructor.name, Object.keys(t));
console.log(clean(inspect(setImmediate(() => {}), { depth: 0 })));
console.log(typeof t[Symbol.dispose]);
t[Symbol.dispose]();
console.log(t._destroyed);

//// timers/promises
const { setTimeout: sleep, setImmediate: soon, setInterval: every, scheduler } = require("timers/promises");
(async () => {
  console.log(await sleep(1, "value"), await soon("soon"), await scheduler.wait(1), await scheduler.yield());
  let n = 0;
  for await (const value of every(1, "tick")) {
    console.log(value, ++n);
    if (n === 3) break;
  }
  const controller = new AbortController();
  const waiting = sleep(1e6, null, { signal: controller.signal });
  controller.abort(new Error("reason"));
  await waiting.catch((e) => console.log(e.name, e.code, e.message, e.cause.message));
  await soon(1, { signal: AbortSignal.abort() }).catch((e) => console.log(e.name, e.code));
  for (const bad of [{ signal: 1 }, { ref: 1 }, 5]) await sleep(1, 1, bad).catch((e) => console.log(e.code, e.message));
})();

//// delays that are no good
process.on("warning", (w) => console.log(w.name, w.message));
const show = (t) => { console.log(t._idleTimeout); clearTimeout(t); };
for (const delay of [2 ** 31, NaN, -1, "5", null, undefined, 1.7, Infinity, {}]) show(setTimeout(() => {}, delay));
for (const f of [() => setTimeout(), () => setTimeout("code", 1), () => setInterval({}), () => setImmediate(null)]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }

//// an error in a timer, the others go on
process.on("uncaughtException", (e) => console.log("caught", e.message));
setTimeout(() => { throw new Error("first"); }, 1);
setTimeout(() => {
  console.log("second");
  setImmediate(() => { throw new Error("immediate"); });
  setImmediate(() => console.log("after"));
}, 1);
process.nextTick(() => { throw new Error("tick"); });
process.nextTick(() => console.log("tick after"));

//// the microtasks of one timer come before the next timer
setTimeout(() => {
  console.log("one");
  Promise.resolve().then(() => console.log("one's promise"));
  process.nextTick(() => console.log("one's tick"));
}, 1);
setTimeout(() => console.log("two"), 1);

//// promisified and legacy forms
const timers = require("timers");
const { promisify } = require("util");
console.log(Object.keys(timers).sort(), timers.promises === require("timers/promises"));
const item = { _onTimeout() { console.log("enrolled", this === item); } };
process.on("warning", (w) => console.log(w.code));
promisify(setImmediate)("v").then((value) => {
  console.log(value);
  timers.enroll(item, 1);
  timers.active(item);
});

//// nested timers and immediates from a poll callback
const fs = require("fs");
fs.stat(__filename, () => {
  setTimeout(() => console.log("timeout"), 0);
  setImmediate(() => console.log("immediate comes first"));
  process.nextTick(() => console.log("tick"));
  queueMicrotask(() => console.log("microtask"));
});

//// an unref'd immediate in the round of the last timer
setImmediate(() => console.log("unref'd immediate runs")).unref();
setTimeout(() => console.log("timer"), 1);
const until = Date.now() + 10;
while (Date.now() < until);

//// after beforeExit an unref'd immediate waits for something alive
process.once("beforeExit", () => {
  console.log("beforeExit");
  setImmediate(() => console.log("never")).unref();
  process.on("exit", () => console.log("exit"));
});
