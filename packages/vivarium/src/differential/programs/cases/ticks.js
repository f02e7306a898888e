//// ticks before promises, both before the next phase
Promise.resolve().then(() => { console.log("p1"); process.nextTick(() => console.log("t in p")); }).then(() => console.log("p2"));
process.nextTick(() => { console.log("t1"); Promise.resolve().then(() => console.log("p in t")); });
process.nextTick(() => console.log("t2"));

//// arguments and async context of ticks
const { AsyncLocalStorage } = require("async_hooks");
const store = new AsyncLocalStorage();
process.nextTick(console.log, 1, 2, 3, 4, 5);
store.run("in", () => process.nextTick(() => console.log(store.getStore())));
process.nextTick((...a) => console.log(a.length, store.getStore()), undefined, null);
for (const bad of [1, null, undefined, {}]) try { process.nextTick(bad); } catch (e) { console.log(e.code, e.message); }

//// await takes as many turns as Node's
(async () => { console.log("a1"); await null; console.log("a2"); await Promise.resolve(); console.log("a3"); })();
(async () => { console.log("b1"); await { then(f) { f(); } }; console.log("b2"); })();
Promise.resolve().then(() => console.log(1)).then(() => console.log(2)).then(() => console.log(3)).then(() => console.log(4));
(async () => Promise.resolve("x"))().then(() => console.log("returned a promise"));

//// an error thrown in a microtask
process.on("uncaughtException", (e, origin) => console.log("uncaught", e.message, origin));
queueMicrotask(() => { throw new Error("micro"); });
queueMicrotask(() => console.log("the next one runs"));
process.nextTick(() => console.log("tick"));
for (const bad of [1, null, "x"]) try { queueMicrotask(bad); } catch (e) { console.log(e.name, e.code, e.message); }

//// many ticks in a row, none lost
let n = 0;
const f = () => { if (++n < 3000) process.nextTick(f); else console.log(n); };
process.nextTick(f);
for (let i = 0; i < 3000; i++) process.nextTick(() => { if (i % 1000 === 0) console.log("i", i, n); });
setImmediate(() => console.log("immediate after all", n));

//// microtasks of microtasks starve the rest until they end
let n = 0;
setImmediate(() => console.log("immediate", n));
process.nextTick(() => console.log("tick", n));
(function again() { if (n++ < 1000) queueMicrotask(again); else console.log("microtasks done", n); })();

//// generators, async generators and for await
async function* numbers() { try { yield 1; console.log("resumed"); yield Promise.resolve(2); } finally { console.log("finally"); } }
(async () => {
  for await (const n of numbers()) { console.log(n); await null; }
  for await (const n of numbers()) break;
  for await (const n of [Promise.resolve("p"), "q"]) console.log(n);
})();
Promise.resolve().then(() => console.log("m1")).then(() => console.log("m2")).then(() => console.log("m3")).then(() => console.log("m4"));

//// Promise combinators settle in order
const log = (name) => (v) => console.log(name, v);
Promise.all([1, Promise.resolve(2), { then(f) { f(3); } }]).then(log("all"));
Promise.allSettled([1, Promise.reject(2)]).then(log("allSettled"));
Promise.race([new Promise(() => {}), Promise.resolve("r")]).then(log("race"));
Promise.any([Promise.reject(1), Promise.resolve("any")]).then(log("any"));
Promise.any([Promise.reject(1)]).catch((e) => console.log(e.name, e.message, e.errors));
const { promise, resolve } = Promise.withResolvers();
promise.finally(() => console.log("finally")).then(log("with resolvers"));
resolve("w");

//// ticks, microtasks and immediates around callbacks that throw
const seen = [];
process.on("exit", () => console.log(seen.join("\n")));
process.on("uncaughtException", (e) => seen.push(`caught ${e.message}`));
for (let i = 0; i < 4; i++) process.nextTick(() => { seen.push(`tick ${i}`); throw new Error(`boom ${i}`); });
process.nextTick(() => seen.push("last tick"));
Promise.resolve().then(async () => {
  seen.push("async 1");
  process.nextTick(() => seen.push("tick of async"));
  await null;
  seen.push("async 2");
});
setImmediate(() => { seen.push("immediate"); Promise.resolve().then(() => seen.push("microtask of the immediate")); });

//// callbacks that keep throwing let the answers of operations through
const fs = require("fs");
process.on("uncaughtException", () => {});
let done = false;
fs.readFile(__filename, () => { done = true; });
function again() {
  if (done) return console.log("done");
  setImmediate(again);
  throw new Error("again");
}
setImmediate(again);
