//// abort: event, reason and order
const c = new AbortController();
c.signal.onabort = (e) => console.log("onabort", e.type, e.isTrusted);
c.signal.addEventListener("abort", () => console.log("listener", c.signal.aborted));
c.abort();
c.abort("second");
console.log(c.signal.reason.name, c.signal.reason.code, c.signal.reason.message, c.signal, c);

//// reasons and throwIfAborted
const c = new AbortController();
c.signal.throwIfAborted();
c.abort({ why: 1 });
try { c.signal.throwIfAborted(); } catch (e) { console.log(e, e === c.signal.reason); }
console.log(AbortSignal.abort("x").reason, AbortSignal.abort().reason instanceof DOMException, AbortSignal.abort(undefined).reason.name, AbortSignal.abort(null).reason);

//// AbortSignal.timeout
const s = AbortSignal.timeout(1);
console.log(s.aborted);
s.addEventListener("abort", () => console.log(s.reason.name, s.reason.code, s.reason.message));
setTimeout(() => console.log("kept alive", s.aborted), 20);
for (const bad of [-1, "x", undefined, 2 ** 54]) try { AbortSignal.timeout(bad); } catch (e) { console.log(e.name, e.code, e.message); }

//// AbortSignal.any
const a = new AbortController();
const b = new AbortController();
const any = AbortSignal.any([a.signal, b.signal]);
const nested = AbortSignal.any([any, new AbortController().signal]);
nested.addEventListener("abort", () => console.log("nested", nested.reason));
any.addEventListener("abort", () => console.log("any", any.reason, nested.aborted));
b.signal.addEventListener("abort", () => console.log("source"));
b.abort("from b");
a.abort("too late");
console.log(any.reason, AbortSignal.any([]).aborted, AbortSignal.any([AbortSignal.abort(1), AbortSignal.abort(2)]).reason);
for (const bad of [undefined, [1], "x"]) try { AbortSignal.any(bad); } catch (e) { console.log(e.name, e.code, e.message); }

//// constructors and receivers are checked
for (const f of [() => new AbortSignal(), () => AbortController(), () => AbortController.prototype.signal, () => AbortSignal.prototype.aborted, () => AbortController.prototype.abort.call({}), () => AbortSignal.prototype.throwIfAborted.call({})]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message); }
console.log(Object.keys(AbortSignal.prototype), Object.prototype.toString.call(new AbortController().signal), new AbortController().signal instanceof EventTarget);

//// who listens: fs, timers, events, streams and util.aborted
const { aborted } = require("util");
const { once, EventEmitter } = require("events");
const { setTimeout: sleep } = require("timers/promises");
const c = new AbortController();
const log = (name) => (e) => console.log(name, e.name, e.code);
require("fs").promises.readFile(__filename, { signal: AbortSignal.abort() }).catch(log("readFile"));
once(new EventEmitter(), "x", { signal: c.signal }).catch(log("once"));
sleep(1e6, 0, { signal: c.signal }).catch(log("sleep"));
aborted(c.signal, {}).then(() => console.log("aborted"));
require("fs").readFile(__filename, { signal: c.signal }, (e) => console.log("callback", e.name, e.code));
c.abort();
aborted(1, {}).catch((e) => console.log(e.code));
