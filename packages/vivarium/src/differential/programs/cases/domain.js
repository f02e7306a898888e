//// run, error and properties of the error
const domain = require("domain");
const d = domain.create();
d.on("error", (e) => console.log(e.message, e.domain === d, e.domainThrown, e.domainEmitter?.constructor.name));
d.run(() => { setTimeout(() => { throw new Error("timer"); }, 1); });
d.run(() => { process.nextTick(() => { throw new Error("tick"); }); });
console.log(process.domain, domain.active);

//// emitters made in a domain and added ones
const domain = require("domain");
const { EventEmitter } = require("events");
const d = domain.create();
d.on("error", (e) => console.log(e.message, e.domainEmitter === inside || e.domainEmitter === added, e.domainThrown));
const inside = d.run(() => new EventEmitter());
const added = new EventEmitter();
d.add(added);
inside.emit("error", new Error("inside"));
added.emit("error", new Error("added"));
d.remove(added);
try { added.emit("error", new Error("removed")); } catch (e) { console.log("thrown", e.message); }
console.log(inside.domain === d, d.members.length);

//// bind and intercept
const domain = require("domain");
const fs = require("fs");
const d = domain.create();
d.on("error", (e) => {
  console.log(e.code ?? e.message, e.domainBound?.name, e.domainThrown);
  if (e.code) setImmediate(d.bind(function bound(x) { console.log("bound", x, process.domain === d); throw new Error("bound"); }), 1);
});
fs.readFile("/nope", d.intercept(function read() { console.log("never"); }));

//// nesting, enter and exit
const domain = require("domain");
const a = domain.create();
const b = domain.create();
a.on("error", (e) => console.log("a", e.message));
b.on("error", (e) => { console.log("b", e.message); });
a.run(() => { console.log(process.domain === a); b.run(() => { console.log(process.domain === b); setImmediate(() => { throw new Error("inner"); }); }); console.log(process.domain === a); });
a.enter();
console.log(domain.active === a, domain._stack.length);
a.exit();
console.log(domain.active);

//// promises and timers keep the domain
const domain = require("domain");
const d = domain.create();
d.run(() => {
  Promise.resolve().then(() => console.log("then", process.domain === d));
  setImmediate(() => console.log("immediate", process.domain === d));
  setImmediate(() => require("fs").stat(".", () => console.log("fs", process.domain === d)));
});
setImmediate(() => console.log("outside", process.domain));

//// promises belong to the domain their callback was given in
const domain = require("domain");
const vm = require("vm");
const a = domain.create();
const b = domain.create();
const name = () => (process.domain === a ? "a" : process.domain === b ? "b" : process.domain);
const made = a.run(() => Promise.reject(new Error("made in a")));
b.run(() => made.catch((e) => console.log("catch", e.message, name())));
a.run(() => Promise.resolve().then(() => {}).then(() => console.log("chain", name())).finally(() => console.log("finally", name())));
a.run(() => new Promise((r) => setTimeout(r, 1, "late")).then((v) => setImmediate(() => console.log(v, name()))));
a.run(() => Promise.all([1, Promise.resolve(2)]).then((all) => console.log(all, name())));
a.run(() => b.run(() => Promise.resolve().then(a.bind(() => console.log("bound", name())))));
a.run(() => Promise.resolve({ then(f) { f("thenable"); } }).then((v) => console.log(v, name())));
const context = vm.createContext({ name, console });
a.run(() => {
  const inner = vm.runInContext("Promise.resolve('inner').then((v) => (console.log(v, name()), v))", context);
  console.log(inner.domain, Object.hasOwn(inner, "domain"), Promise.resolve().domain === a);
  b.run(() => inner.then((v) => console.log(v, name())));
});
Promise.resolve().then(() => console.log("outside", name()));

//// a rejection nobody handles is an error of its domain
const domain = require("domain");
const outer = domain.create();
outer.on("error", (e) => console.log("outer", e?.message ?? e));
const d = domain.create();
d.on("error", (e) => { console.log("error", e?.message ?? e, process.domain === d); });
process.on("unhandledRejection", (reason, promise) => console.log("unhandled", reason.message, promise === last));
d.run(() => { Promise.reject(new Error("at once")); });
let last;
const steps = [
  () => d.run(() => { Promise.reject("text"); }),
  () => d.run(() => { Promise.resolve().then(() => { throw new Error("in then"); }).then(() => {}); }),
  () => outer.run(() => { const p = Promise.reject(new Error("through")); d.run(() => { p.then(() => {}); }); }),
  () => { last = Promise.reject(new Error("outside")); },
  () => console.log("end"),
];
const next = () => { steps.shift()?.(); if (steps.length) setTimeout(next, 1); };
setTimeout(next, 1);

//// functions of Promise look as before while domains are there
require("domain").create().run(() => {});
const { types } = require("util");
for (const holder of [Promise.prototype, Promise]) for (const key of Reflect.ownKeys(holder)) {
  const descriptor = Reflect.getOwnPropertyDescriptor(holder, key);
  const fn = descriptor.value;
  console.log(key, descriptor, typeof fn === "function" && [String(fn), Reflect.ownKeys(fn), types.isProxy(fn), Object.getPrototypeOf(fn) === Function.prototype]);
}
for (const run of [() => Promise.prototype.then.call(1), () => new Promise.prototype.then(), () => Promise.resolve.call(undefined), () => Promise.all.call({}), () => Promise.then])
  try { console.log(run()); } catch (e) { console.log(e.name, e.message); }
class Own extends Promise {}
console.log(Own.resolve(1).then() instanceof Own, Promise.resolve(Own.resolve(1)) instanceof Own, Own.reject(2).catch(() => {}) instanceof Own);
const order = [];
Promise.resolve().then(() => order.push(1)).then(() => order.push(4)).then(() => order.push(6));
(async () => { order.push(0); await null; order.push(2); await Promise.resolve(); order.push(5); })();
(async () => Promise.resolve())().then(() => order.push("async"));
process.nextTick(() => order.push("tick"));
queueMicrotask(() => order.push(3));
setImmediate(() => console.log(order.join()));

//// an error without a listener ends with code 1
const domain = require("domain");
process.on("exit", (code) => console.log("exit", code));
domain.create().run(() => { setImmediate(() => { throw Object.assign(new Error("nobody"), { stack: "own stack" }); }); });
