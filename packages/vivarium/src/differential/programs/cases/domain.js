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

//// an error without a listener ends with code 1
const domain = require("domain");
process.on("exit", (code) => console.log("exit", code));
domain.create().run(() => { setImmediate(() => { throw Object.assign(new Error("nobody"), { stack: "own stack" }); }); });
