//// mark and measure
const { performance } = require("perf_hooks");
const a = performance.mark("a", { startTime: 1, detail: { x: 1 } });
performance.mark("b", { startTime: 5 });
const m = performance.measure("m", { start: "a", end: "b", detail: "d" });
console.log(a, m, performance.measure("n", { start: 2, duration: 3 }).toJSON(), performance.measure("o", "a", "b").duration);
console.log(performance.getEntries().map((e) => e.name), performance.getEntriesByName("a").length, performance.getEntriesByType("measure").map((e) => e.name), performance.getEntriesByName("a", "measure"));
performance.clearMarks("a");
performance.clearMeasures();
console.log(performance.getEntries().map((e) => e.name));
try { performance.measure("x", "none"); } catch (e) { console.log(e.name, e.code, e.message); }

//// wrong arguments
const { performance, PerformanceObserver, PerformanceMark, PerformanceEntry } = require("perf_hooks");
for (const f of [() => performance.mark(), () => performance.mark(Symbol()), () => performance.mark("a", { startTime: -1 }), () => performance.mark("a", { startTime: "x" }), () => performance.mark("nodeStart"), () => new PerformanceObserver(), () => new PerformanceObserver(() => {}).observe({}), () => new PerformanceObserver(() => {}).observe({ entryTypes: ["mark"], type: "x" }), () => new PerformanceObserver(() => {}).observe({ entryTypes: 5 }), () => new PerformanceEntry(), () => performance.measure("x", { start: 1, end: 2, duration: 3 }), () => performance.measure("x", 1)]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// PerformanceObserver: order and buffered entries
const { performance, PerformanceObserver } = require("perf_hooks");
performance.mark("early");
const o = new PerformanceObserver((list, observer) => { console.log(list.getEntries().map((e) => [e.entryType, e.name]), observer === o, list.getEntriesByType("mark").length, list.getEntriesByName("m").length); observer.disconnect(); });
o.observe({ entryTypes: ["mark", "measure", "unknown"] });
performance.mark("one");
performance.measure("m", "one");
new PerformanceObserver((list) => console.log("buffered", list.getEntries().map((e) => e.name))).observe({ type: "mark", buffered: true });
console.log("sync", PerformanceObserver.supportedEntryTypes);
setImmediate(() => setImmediate(() => performance.mark("late")));

//// timerify
const { performance, PerformanceObserver, createHistogram } = require("perf_hooks");
const o = new PerformanceObserver((list) => { for (const e of list.getEntries()) console.log(e.name, e.entryType, typeof e.duration, e.detail); o.disconnect(); });
o.observe({ entryTypes: ["function"] });
function work(a, b) { return a + b; }
const histogram = createHistogram();
const timed = performance.timerify(work, { histogram });
console.log(timed(1, 2), timed.name, timed.length, histogram.count);
class C { constructor(x) { this.x = x; } }
console.log(new (performance.timerify(C))(5) instanceof C);
for (const f of [() => performance.timerify(1), () => performance.timerify(work, { histogram: 5 })]) try { f(); } catch (e) { console.log(e.code, e.message); }

//// histograms
const { createHistogram } = require("perf_hooks");
const h = createHistogram({ lowest: 1, highest: 1000, figures: 3 });
for (const n of [1, 2, 2, 5, 100, 900]) h.record(n);
console.log(h.count, h.min, h.max, h.mean, h.stddev.toFixed(6), h.percentile(50), h.percentile(99), h.exceeds, [...h.percentiles], h.countBigInt, h.minBigInt, h.percentileBigInt(50));
const other = createHistogram();
other.record(7n);
other.add(h);
console.log(other.count, other);
h.reset();
console.log(h.count, h.max, h.toJSON());
for (const f of [() => h.record(0), () => h.record("x"), () => h.percentile(0), () => h.percentile(101), () => createHistogram({ lowest: 0 }), () => createHistogram({ figures: 9 }), () => createHistogram(5)]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// monitorEventLoopDelay, eventLoopUtilization, nodeTiming
const { performance, monitorEventLoopDelay } = require("perf_hooks");
const m = monitorEventLoopDelay({ resolution: 5 });
console.log(m.enable(), m.enable(), m.disable(), m.disable(), m.constructor.name);
console.log(Object.keys(performance.eventLoopUtilization()), Object.keys(performance.nodeTiming.toJSON()), performance.nodeTiming.name, performance.nodeTiming.entryType, performance.nodeTiming.startTime);
for (const bad of [{ resolution: 0 }, { resolution: "x" }, 5]) try { monitorEventLoopDelay(bad); } catch (e) { console.log(e.name, e.code, e.message); }

//// performance: now, timeOrigin, toJSON and event target
const { performance } = require("perf_hooks");
console.log(performance === globalThis.performance, typeof performance.now(), performance.now() <= performance.now(), typeof performance.timeOrigin, Object.keys(performance.toJSON()), performance instanceof EventTarget, Object.prototype.toString.call(performance));
performance.onresourcetimingbufferfull = () => {};
performance.setResourceTimingBufferSize(5);
performance.clearResourceTimings();
console.log(performance.getEntries(), Object.keys(require("perf_hooks")).sort());
for (const f of [() => performance.now.call({}), () => performance.setResourceTimingBufferSize("x"), () => new Performance()]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message); }

//// entries cloned, marks with details, takeRecords
const { performance, PerformanceObserver } = require("perf_hooks");
const detail = { deep: [1] };
const mark = performance.mark("d", { detail });
console.log(mark.detail, mark.detail !== detail, performance.mark("n").detail, mark instanceof PerformanceMark, mark instanceof PerformanceEntry, mark.duration, mark.entryType);
const o = new PerformanceObserver(() => console.log("never"));
o.observe({ type: "mark" });
performance.mark("taken");
console.log(o.takeRecords().map((e) => e.name), o.takeRecords());
o.disconnect();
try { performance.mark("x", { detail: () => {} }); } catch (e) { console.log(e.name, e.message); }
