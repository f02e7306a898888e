//// run, getStore, exit and nesting
const { AsyncLocalStorage } = require("async_hooks");
const s = new AsyncLocalStorage();
console.log(s.getStore(), s.run("a", (x, y) => [s.getStore(), x, y], 1, 2), s.getStore());
s.run(1, () => {
  s.run(2, () => console.log(s.getStore()));
  s.exit(() => console.log(s.getStore()));
  try { s.run(3, () => { throw new Error("through"); }); } catch (e) { console.log(e.message, s.getStore()); }
  console.log(s.getStore());
});

//// across every kind of callback
const { AsyncLocalStorage } = require("async_hooks");
const fs = require("fs");
const s = new AsyncLocalStorage();
s.run("kept", () => {
  const log = (name) => () => console.log(name, s.getStore());
  process.nextTick(log("tick"));
  queueMicrotask(log("microtask"));
  Promise.resolve().then(log("then"));
  setImmediate(() => { log("immediate")(); setTimeout(() => { log("timeout")(); fs.stat(".", () => { log("fs")(); fs.promises.stat(".").then(log("fs promise")); }); }, 1); });
});
console.log("outside", s.getStore());

//// across await and thenables
const { AsyncLocalStorage } = require("async_hooks");
const s = new AsyncLocalStorage();
const sleep = require("timers/promises").setTimeout;
const work = async (name) => { await null; console.log(name, s.getStore()); await sleep(1); console.log(name, s.getStore()); await { then(f) { console.log(name, "thenable", s.getStore()); f(); } }; return s.getStore(); };
Promise.all([s.run(1, work, "a"), s.run(2, work, "b"), work("c")]).then((all) => console.log(all, s.getStore()));

//// enterWith
const { AsyncLocalStorage } = require("async_hooks");
const s = new AsyncLocalStorage();
setImmediate(() => { s.enterWith("here"); console.log(s.getStore()); process.nextTick(() => console.log("tick", s.getStore())); });
setImmediate(() => console.log("other immediate", s.getStore()));
(async () => { s.enterWith("async"); await null; console.log("after await", s.getStore()); })();
console.log("main", s.getStore());

//// bind, snapshot and disable
const { AsyncLocalStorage } = require("async_hooks");
const s = new AsyncLocalStorage();
const bound = s.run("bound", () => AsyncLocalStorage.bind((x) => [s.getStore(), x]));
const snapshot = s.run("snap", () => AsyncLocalStorage.snapshot());
console.log(bound(1), s.run("other", () => snapshot((a) => [s.getStore(), a], 2)), bound.length, bound.name);
s.run("x", () => { s.disable(); console.log(s.getStore()); s.run("y", () => console.log(s.getStore())); });
for (const bad of [1, null]) try { AsyncLocalStorage.bind(bad); } catch (e) { console.log(e.code, e.message); }

//// with event emitters, streams and async iterators
const { AsyncLocalStorage } = require("async_hooks");
const { EventEmitter } = require("events");
const { Readable } = require("stream");
const s = new AsyncLocalStorage();
const e = new EventEmitter();
s.run("listener", () => e.on("x", () => console.log("on", s.getStore())));
s.run("emitter", () => e.emit("x"));
s.run("stream", () => Readable.from([1]).on("data", () => console.log("data", s.getStore())).on("end", () => console.log("end", s.getStore())));
s.run("loop", async () => { for await (const x of Readable.from(["a"])) console.log(x, s.getStore()); });

//// several storages do not touch one another
const { AsyncLocalStorage } = require("async_hooks");
const a = new AsyncLocalStorage();
const b = new AsyncLocalStorage();
a.run("A", () => b.run("B", () => setImmediate(() => { console.log(a.getStore(), b.getStore()); a.run("A2", () => queueMicrotask(() => console.log(a.getStore(), b.getStore()))); b.exit(() => console.log(a.getStore(), b.getStore())); })));
a.run(undefined, () => console.log(a.getStore()));
setImmediate(() => console.log(a.getStore(), b.getStore()));

//// AsyncResource
const { AsyncResource, AsyncLocalStorage, executionAsyncId, triggerAsyncId } = require("async_hooks");
const s = new AsyncLocalStorage();
class Mine extends AsyncResource { constructor() { super("MINE", { requireManualDestroy: true }); } }
const r = s.run("res", () => new Mine());
console.log(r.runInAsyncScope(function (x) { return [this, x, s.getStore(), executionAsyncId() === r.asyncId(), triggerAsyncId() === r.triggerAsyncId()]; }, "this", 5));
console.log(r.bind((x) => [x, s.getStore()])(1), AsyncResource.bind(() => s.getStore(), "T")(), r.emitDestroy() === r);
try { r.runInAsyncScope(() => { throw new Error("inside"); }); } catch (e) { console.log(e.message); }
for (const f of [() => new AsyncResource(), () => new AsyncResource(5), () => new AsyncResource("T", { triggerAsyncId: -2 }), () => r.bind(1), () => new AsyncResource("")]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// createHook: order of init, before, after, destroy
const { createHook, executionAsyncId } = require("async_hooks");
const fs = require("fs");
const seen = [];
const gone = [];
const ids = new Map();
createHook({
  init(id, type, trigger) { if (["Timeout", "Immediate", "TickObject", "Microtask"].includes(type)) { ids.set(id, type); seen.push(`init ${type}`); } },
  before(id) { if (ids.has(id)) seen.push(`before ${ids.get(id)} ${executionAsyncId() === id}`); },
  after(id) { if (ids.has(id)) seen.push(`after ${ids.get(id)}`); },
  destroy(id) { if (ids.has(id)) gone.push(ids.get(id)); },
}).enable();
setTimeout(() => setImmediate(() => process.nextTick(() => setTimeout(() => setImmediate(() => setTimeout(() => fs.writeSync(1, `${seen.join("\n")}\n${gone.sort()}\n`), 1)), 2))), 1);

//// createHook: promises
const { createHook, executionAsyncId, executionAsyncResource } = require("async_hooks");
const fs = require("fs");
const names = new Map();
const log = (...a) => fs.writeSync(1, a.join(" ") + "\n");
const hook = createHook({
  init(id, type, trigger, resource) { if (type === "PROMISE") { names.set(id, `p${names.size}`); log("init", names.get(id), names.get(trigger), resource instanceof Promise); } },
  before(id) { if (names.has(id)) log("before", names.get(id)); },
  after(id) { if (names.has(id)) log("after", names.get(id)); },
  promiseResolve(id) { if (names.has(id)) log("resolve", names.get(id)); },
}).enable();
const p = new Promise((r) => r(1));
p.then(() => log("in then", names.get(executionAsyncId())));
(async () => { await null; log("after await"); })();
setImmediate(() => { hook.disable(); Promise.resolve(); log("disabled"); });

//// ids at the top level and their kinds
const { executionAsyncId, triggerAsyncId, executionAsyncResource, createHook } = require("async_hooks");
console.log(executionAsyncId(), triggerAsyncId(), executionAsyncResource());
setImmediate(() => {
  console.log(executionAsyncId() > 1, triggerAsyncId(), executionAsyncResource().constructor.name);
  setTimeout(() => console.log(executionAsyncResource().constructor.name), 1);
});
for (const bad of [{ init: 1 }, { before: "x" }, { promiseResolve: {} }]) try { createHook(bad); } catch (e) { console.log(e.name, e.code, e.message); }
console.log(Object.keys(require("async_hooks")).sort(), Object.keys(require("async_hooks").asyncWrapProviders).length > 40);

//// executionAsyncResource as a store of one's own
const { executionAsyncResource, createHook } = require("async_hooks");
const key = Symbol("key");
createHook({ init(id, type, trigger, resource) { const now = executionAsyncResource(); if (now) resource[key] = now[key]; } }).enable();
executionAsyncResource()[key] = "root";
setImmediate(() => { console.log(executionAsyncResource()[key]); executionAsyncResource()[key] = "deeper"; setTimeout(() => console.log(executionAsyncResource()[key]), 1); process.nextTick(() => console.log(executionAsyncResource()[key])); });

//// the store of a rejection and of an uncaught error
const { AsyncLocalStorage } = require("async_hooks");
const s = new AsyncLocalStorage();
process.on("uncaughtException", (e) => console.log("uncaught", e.message, s.getStore()));
process.on("unhandledRejection", (e) => console.log("rejection", e.message, s.getStore()));
s.run("timer", () => setTimeout(() => { throw new Error("t"); }, 1));
s.run("promise", () => Promise.reject(new Error("p")));
s.run("tick", () => process.nextTick(() => { throw new Error("n"); }));

//// an error thrown in a hook ends the process
//: flags --no-warnings
const { createHook } = require("async_hooks");
process.on("uncaughtException", () => console.log("not asked"));
createHook({ init() { throw new Error("in a hook"); } }).enable();
setTimeout(() => console.log("never"), 1);

//// destroy hooks come before the next immediates, and before beforeExit
const fs = require("fs");
const seen = [];
const timers = new Set();
require("async_hooks").createHook({
  init(id, type) { if (type === "Timeout") timers.add(id); },
  destroy(id) { if (timers.has(id)) seen.push("destroy Timeout"); },
}).enable();
setTimeout(() => setImmediate(() => { seen.push("immediate"); setTimeout(() => seen.push("timer"), 2); }), 1);
process.once("beforeExit", () => fs.writeSync(1, `${seen}\n`));

//// promises of file operations are resources
const fs = require("fs");
const seen = [];
const ids = new Map();
const note = (what) => (id) => { if (ids.has(id)) seen.push(`${what} ${ids.get(id)}`); };
require("async_hooks").createHook({
  init(id, type) { if (type === "FSREQPROMISE") { ids.set(id, type); seen.push("init"); } },
  before: note("before"),
  after: note("after"),
  destroy: note("destroy"),
}).enable();
fs.promises.stat(".").then(() => setImmediate(() => fs.writeSync(1, `${seen.join("\n")}\n`)));
