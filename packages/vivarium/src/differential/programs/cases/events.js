//// emit order, arguments and this
const EventEmitter = require("events");
const e = new EventEmitter();
e.on("x", function (...args) { console.log("on", args, this === e); });
e.prependListener("x", () => console.log("first"));
e.once("x", () => console.log("once"));
e.prependOnceListener("x", () => console.log("prepended once"));
console.log(e.emit("x", 1, 2, 3, 4), e.emit("x"), e.emit("y"), e.listenerCount("x"), e.eventNames());

//// newListener and removeListener
const EventEmitter = require("events");
const e = new EventEmitter();
e.on("newListener", (name, f) => console.log("new", name, f.name, e.listenerCount(name)));
e.on("removeListener", (name, f) => console.log("removed", name, f.name));
function a() {}
function b() {}
e.on("x", a).once("x", b).addListener(Symbol.for("s"), a);
console.log(e.listeners("x").map((f) => f.name), e.rawListeners("x").map((f) => [f.name, f.listener?.name]), e.listenerCount("x", a));
e.off("x", a).removeAllListeners();
console.log(e.eventNames());

//// an error without a listener
const EventEmitter = require("events");
for (const value of [new RangeError("mine"), "text", { a: 1 }, undefined, null]) {
  try {
    new EventEmitter().emit("error", value);
  } catch (error) {
    console.log(error.name, error.code, error.message, error.context);
  }
}

//// errorMonitor sees it first
const EventEmitter = require("events");
const e = new EventEmitter();
e.on(EventEmitter.errorMonitor, (error) => console.log("monitor", error.message));
try { e.emit("error", new Error("one")); } catch (error) { console.log("thrown", error.message); }
e.on("error", (error) => console.log("handled", error.message));
e.emit("error", new Error("two"));

//// removal while emitting
const EventEmitter = require("events");
const e = new EventEmitter();
const second = () => console.log("second");
e.on("x", () => { console.log("first"); e.off("x", second); e.on("x", () => console.log("added")); });
e.on("x", second);
e.emit("x");
console.log("--");
e.emit("x");

//// the leak warning
const EventEmitter = require("events");
process.on("warning", (w) => console.log(w.name, w.type, w.count, (w.emitter ?? w.target).constructor.name, w.message));
class Mine extends EventEmitter {}
const e = new Mine();
for (let i = 0; i < 12; i++) e.on("x", () => {});
const quiet = new EventEmitter().setMaxListeners(1);
quiet.on("y", () => {}).on("y", () => {});
const t = new EventTarget();
EventEmitter.setMaxListeners(1, t);
t.addEventListener("a", () => {});
t.addEventListener("a", () => 1);
console.log(e.getMaxListeners(), EventEmitter.getMaxListeners(t), EventEmitter.defaultMaxListeners);

//// captureRejections
const EventEmitter = require("events");
const e = new EventEmitter({ captureRejections: true });
e.on("x", async () => { throw new Error("async"); });
e.on("error", (error) => console.log("error", error.message));
const own = new EventEmitter({ captureRejections: true });
own[Symbol.for("nodejs.rejection")] = (error, name, ...args) => console.log("rejection", error.message, name, args);
own.on("y", async () => { throw new Error("own"); });
e.emit("x");
own.emit("y", 1, 2);
console.log("sync", EventEmitter.captureRejections, EventEmitter.captureRejectionSymbol);

//// events.once
const { once, EventEmitter } = require("events");
const e = new EventEmitter();
(async () => {
  process.nextTick(() => e.emit("x", 1, 2));
  console.log(await once(e, "x"));
  process.nextTick(() => e.emit("error", new Error("bad")));
  await once(e, "x").catch((error) => console.log("rejected", error.message));
  process.nextTick(() => e.emit("error", "value"));
  console.log(await once(e, "error"), e.eventNames());
  const controller = new AbortController();
  const waiting = once(e, "x", { signal: controller.signal });
  controller.abort();
  await waiting.catch((error) => console.log(error.name, error.code, error.message, error.cause?.name));
  await once(e, "x", { signal: AbortSignal.abort("why") }).catch((error) => console.log(error.name, error.cause));
  const target = new EventTarget();
  queueMicrotask(() => target.dispatchEvent(new Event("t")));
  console.log((await once(target, "t"))[0].type);
  await once({}, "x").catch((error) => console.log(error.code, error.message));
})();

//// events.on
const { on, EventEmitter } = require("events");
(async () => {
  const e = new EventEmitter();
  setImmediate(() => { e.emit("x", 1); e.emit("x", 2, 3); e.emit("end"); });
  for await (const values of on(e, "x", { close: ["end"] })) console.log(values);
  console.log("ended", e.eventNames());
  setImmediate(() => { e.emit("x", 4); e.emit("error", new Error("stop")); });
  try { for await (const values of on(e, "x")) console.log(values); } catch (error) { console.log(error.message); }
  const iterator = on(e, "x");
  const pending = iterator.next();
  console.log(await iterator.return(), await pending, await iterator.next(), e.listenerCount("x"));
  const controller = new AbortController();
  setImmediate(() => controller.abort());
  try { for await (const _ of on(e, "x", { signal: controller.signal })); } catch (error) { console.log(error.name, error.code); }
  try { on(e, "x").throw("not an error"); } catch (error) { console.log(error.code, error.message); }
})();

//// EventTarget: order, once, options and handleEvent
const t = new EventTarget();
const seen = (name) => (event) => console.log(name, event.type, event.eventPhase, event.target === t);
const f = seen("twice?");
t.addEventListener("x", f);
t.addEventListener("x", f);
t.addEventListener("x", f, { capture: true });
t.addEventListener("x", seen("once"), { once: true });
t.addEventListener("x", { handleEvent(event) { console.log("object", this.constructor.name, event.type); } });
const controller = new AbortController();
t.addEventListener("x", seen("signal"), { signal: controller.signal });
t.dispatchEvent(new Event("x"));
controller.abort();
t.removeEventListener("x", f);
console.log("--", t.dispatchEvent(new Event("x", { cancelable: true })));

//// Event: fields, preventDefault and stopping
const t = new EventTarget();
t.addEventListener("x", (e) => { e.preventDefault(); e.stopImmediatePropagation(); console.log(e.defaultPrevented, e.composedPath().length, e.returnValue, e.cancelBubble); });
t.addEventListener("x", () => console.log("never"));
const event = new Event("x", { cancelable: true, bubbles: true, composed: true });
console.log(t.dispatchEvent(event), event.defaultPrevented, event.bubbles, event.composed, event.isTrusted, typeof event.timeStamp, event.composedPath());
t.addEventListener("p", (e) => e.preventDefault(), { passive: true });
console.log(t.dispatchEvent(new Event("p", { cancelable: true })), Event.AT_TARGET, Object.keys(new Event("k")));
console.log(require("util").inspect(new Event("i")).replace(/timeStamp: [\d.]+/, "timeStamp: T"), t);

//// CustomEvent
const t = new EventTarget();
t.addEventListener("c", (e) => console.log(e.detail, e instanceof Event, e.constructor.name));
t.dispatchEvent(new CustomEvent("c", { detail: { a: 1 } }));
console.log(new CustomEvent("d").detail);
for (const f of [() => new CustomEvent(), () => new Event(), () => new Event(Symbol()), () => t.dispatchEvent({}), () => t.addEventListener("x", 1), () => CustomEvent.prototype.detail]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message); }

//// a dispatched event is not dispatched again while under way
const t = new EventTarget();
t.addEventListener("x", (e) => { try { t.dispatchEvent(e); } catch (error) { console.log(error.name, error.code, error.message); } });
const e = new Event("x");
t.dispatchEvent(e);
console.log(e.target === t, e.currentTarget, e.srcElement === t);

//// what a listener of an EventTarget throws is uncaught
process.on("uncaughtException", (error, origin) => console.log("uncaught", error.message, origin));
const t = new EventTarget();
t.addEventListener("x", () => { throw new Error("in a listener"); });
t.addEventListener("x", async () => { throw new Error("in an async one"); });
t.addEventListener("x", () => console.log("next listener"));
t.dispatchEvent(new Event("x"));
console.log("dispatched");

//// listenerCount, getEventListeners and addAbortListener
const events = require("events");
const e = new events.EventEmitter();
const t = new EventTarget();
const f = () => {};
e.on("x", f).once("x", f);
t.addEventListener("y", f);
console.log(events.listenerCount(e, "x"), events.getEventListeners(e, "x").length, events.getEventListeners(t, "y")[0] === f);
const controller = new AbortController();
const disposable = events.addAbortListener(controller.signal, (event) => console.log("aborted", event.type));
const gone = events.addAbortListener(controller.signal, () => console.log("never"));
gone[Symbol.dispose]();
controller.abort();
events.addAbortListener(controller.signal, () => console.log("already"));
console.log(typeof disposable[Symbol.dispose]);

//// EventEmitterAsyncResource
const { EventEmitterAsyncResource } = require("events");
const { AsyncLocalStorage, executionAsyncId } = require("async_hooks");
const store = new AsyncLocalStorage();
const e = store.run("made here", () => new EventEmitterAsyncResource({ name: "Mine" }));
e.on("x", () => console.log(store.getStore(), executionAsyncId() === e.asyncId, e.asyncResource.eventEmitter === e, typeof e.triggerAsyncId));
store.run("emitted here", () => e.emit("x"));
e.emitDestroy();
try { EventEmitterAsyncResource.prototype.emit.call({}, "x"); } catch (error) { console.log(error.name, error.message); }

//// arguments of the wrong type
const EventEmitter = require("events");
const e = new EventEmitter();
for (const f of [() => e.on("x"), () => e.on("x", {}), () => e.setMaxListeners(-1), () => e.setMaxListeners("x"), () => (EventEmitter.defaultMaxListeners = NaN), () => e.off("x", 1), () => new EventEmitter({ captureRejections: 1 }), () => e.once("x", null)]) try { f(); console.log("fine"); } catch (error) { console.log(error.name, error.code, error.message); }

//// an emitter inspected, inherited the old way, and async dispatch order
const EventEmitter = require("events");
const util = require("util");
function Old() { EventEmitter.call(this); }
util.inherits(Old, EventEmitter);
const o = new Old();
o.on("x", async (v) => { console.log("async start", v); await null; console.log("async end", v); });
o.emit("x", 1);
o.emit("x", 2);
console.log(o, o instanceof EventEmitter, EventEmitter.EventEmitter === EventEmitter, EventEmitter.usingDomains);
