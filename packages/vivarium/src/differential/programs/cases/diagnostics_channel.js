//// publish and subscribe
const dc = require("diagnostics_channel");
const c = dc.channel("a");
const f = (message, name) => console.log("got", message, name);
console.log(c.hasSubscribers, dc.channel("a") === c, c.name, dc.hasSubscribers("a"));
dc.subscribe("a", f);
c.publish({ x: 1 });
console.log(c.hasSubscribers, dc.unsubscribe("a", f), dc.unsubscribe("a", f), c.hasSubscribers);
c.publish("nobody");

//// symbols, order and changes while publishing
const dc = require("diagnostics_channel");
const c = dc.channel(Symbol.for("s"));
const second = (m) => console.log("second", m);
c.subscribe((m) => { console.log("first", m); c.unsubscribe(second); c.subscribe(() => console.log("new")); });
c.subscribe(second);
c.publish(1);
console.log("--");
c.publish(2);

//// an error of a subscriber is uncaught, later
const dc = require("diagnostics_channel");
process.on("uncaughtException", (e) => console.log("uncaught", e.message));
const c = dc.channel("x");
c.subscribe(() => { throw new Error("subscriber"); });
c.subscribe(() => console.log("the next one"));
c.publish(1);
console.log("published");

//// bindStore and runStores
const dc = require("diagnostics_channel");
const { AsyncLocalStorage } = require("async_hooks");
const s = new AsyncLocalStorage();
const t = new AsyncLocalStorage();
const c = dc.channel("store");
c.bindStore(s);
c.bindStore(t, (data) => ({ made: data.v }));
c.subscribe((m) => console.log("published", m, s.getStore()));
console.log(c.runStores({ v: 1 }, function (a) { return [s.getStore(), t.getStore(), this, a]; }, "this", 5), s.getStore());
console.log(c.unbindStore(s), c.unbindStore(s), c.runStores({ v: 2 }, () => s.getStore()));

//// tracingChannel: sync
const dc = require("diagnostics_channel");
const c = dc.tracingChannel("t");
const on = Object.fromEntries(["start", "end", "asyncStart", "asyncEnd", "error"].map((n) => [n, (m) => console.log(n, { ...m, error: m.error?.message })]));
c.subscribe(on);
console.log(c.hasSubscribers, c.traceSync(function (a) { return [this.x, a]; }, { ctx: 1 }, { x: "this" }, "arg"));
try { c.traceSync(() => { throw new Error("sync"); }, {}); } catch (e) { console.log("thrown", e.message); }
console.log(c.unsubscribe(on), c.hasSubscribers, c.start.name);

//// tracingChannel: promises
const dc = require("diagnostics_channel");
const c = dc.tracingChannel("t");
c.subscribe(Object.fromEntries(["start", "end", "asyncStart", "asyncEnd", "error"].map((n) => [n, (m) => console.log(n, m.result, m.error?.message)])));
(async () => {
  console.log(await c.tracePromise(async (x) => { console.log("inside"); await null; return x; }, {}, null, 5));
  await c.tracePromise(async () => { throw new Error("async"); }).catch((e) => console.log("rejected", e.message));
})();

//// tracingChannel: callbacks
const dc = require("diagnostics_channel");
const { AsyncLocalStorage } = require("async_hooks");
const s = new AsyncLocalStorage();
const c = dc.tracingChannel("t");
c.start.bindStore(s, (m) => m.id);
c.subscribe(Object.fromEntries(["start", "end", "asyncStart", "asyncEnd", "error"].map((n) => [n, (m) => console.log(n, m.id, m.result, m.error?.message)])));
c.traceCallback((fail, done) => { console.log("store", s.getStore()); setImmediate(done, fail ? new Error("cb") : null, "value"); }, 1, { id: 1 }, null, false, (e, v) => {
  console.log("done", e, v, s.getStore());
  c.traceCallback((done) => process.nextTick(done, new Error("cb")), 0, { id: 2 }, null, (e) => console.log("failed", e.message));
});
try { c.traceCallback(() => {}, 0, {}, null, "no function"); } catch (e) { console.log(e.code, e.message); }

//// wrong arguments and Node's own channels
const dc = require("diagnostics_channel");
for (const f of [() => dc.channel(5), () => dc.channel(), () => dc.subscribe("x", 1), () => dc.tracingChannel(5), () => dc.tracingChannel({ start: 1 }), () => dc.channel("a").subscribe()]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }
dc.subscribe("module.require.start", (m) => console.log("require", m.id));
dc.subscribe("module.require.end", (m) => console.log("required", Object.keys(m)));
require("os");
console.log(dc.channel("c"), dc.channel("c") instanceof dc.Channel, Object.keys(dc));
