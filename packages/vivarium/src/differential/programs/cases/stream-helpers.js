//// pipeline with a callback, its generators and errors
const { pipeline, Readable, Transform, Writable } = require("stream");
const sink = (name) => new Writable({ objectMode: true, write(c, e, done) { console.log(name, String(c)); done(); } });
pipeline(["a", "b"], async function* (source) { for await (const c of source) yield c + c; }, sink("one"), (e) => {
  console.log("done", e);
  const last = sink("two");
  pipeline(Readable.from(["x", "y"]), new Transform({ transform(c, _, done) { done(new Error("in the middle")); } }), last, (error) => {
    console.log(error.message, last.destroyed);
    pipeline(Readable.from([1, 2]), async (source) => { let sum = 0; for await (const n of source) sum += n; return sum; }, (error, value) => console.log("value", error, value));
  });
});
for (const f of [() => pipeline(), () => pipeline(() => {}), () => pipeline(1, () => {}), () => pipeline(Readable.from([]), "x", () => {})]) try { f(); } catch (e) { console.log(e.code, e.message); }

//// pipeline as a promise, with a signal and without end
const { pipeline } = require("stream/promises");
const { PassThrough, Readable } = require("stream");
(async () => {
  const out = new PassThrough();
  console.log(await pipeline(Readable.from(["a"]), out, { end: false }), out.writableEnded);
  out.end();
  const controller = new AbortController();
  const running = pipeline(async function* ({ signal }) { yield "x"; await new Promise((r) => signal.addEventListener("abort", r)); }, new PassThrough().resume(), { signal: controller.signal });
  setImmediate(() => controller.abort());
  await running.catch((e) => console.log(e.name, e.code, e.message));
  await pipeline(Readable.from(["x"]), async function* () { throw new TypeError("gen"); }, new PassThrough()).catch((e) => console.log(e.name, e.message));
})();

//// a premature close
const { pipeline, finished, PassThrough, Readable, Writable } = require("stream");
const a = new PassThrough();
pipeline(a, new PassThrough(), new Writable({ write(c, e, done) { done(); } }), (e) => console.log("pipeline", e.code, e.message));
a.write("x");
setImmediate(() => a.destroy());
const r = new Readable({ read() {} });
finished(r, (e) => console.log("finished", e.code));
r.destroy();

//// finished: options, late calls and cleanup
const { finished, Duplex, Writable, PassThrough } = require("stream");
const d = new PassThrough();
finished(d, { readable: false }, (e) => console.log("writable side", e));
finished(d, { writable: false }, (e) => console.log("readable side", e));
const off = finished(d, () => console.log("never"));
off();
d.end("x");
setImmediate(() => d.resume());
d.on("close", () => finished(d, (e) => console.log("already closed", e)));
finished(new Writable().destroy(new Error("broken")).on("error", () => {}), (e) => console.log(e.message));
require("stream/promises").finished(new PassThrough().end().resume()).then((v) => console.log("promise", v));
for (const f of [() => finished(1, () => {}), () => finished(d)]) try { f(); } catch (e) { console.log(e.code, e.message); }

//// compose
const { compose, Readable, PassThrough, Transform } = require("stream");
const upper = new Transform({ transform(c, e, done) { done(null, String(c).toUpperCase()); } });
(async () => {
  const composed = compose(async function* (source) { for await (const c of source) yield `<${c}>`; }, upper);
  composed.end("hello");
  for await (const c of composed) console.log(String(c));
  console.log(await Readable.from(["a", "b"]).compose(async function* (s) { for await (const c of s) yield c + "!"; }).toArray());
  const failing = compose(async function* () { throw new Error("composed"); });
  failing.on("error", (e) => console.log(e.message));
  failing.end("x");
  failing.resume();
})();
for (const f of [() => compose(), () => compose("x"), () => compose(new Readable(), new Readable())]) try { f(); } catch (e) { console.log(e.code, e.message); }

//// Duplex.from of many kinds
const { Duplex, Readable, Writable } = require("stream");
(async () => {
  for (const source of [["a", "b"], "text", Promise.resolve("p"), (async function* () { yield 1; yield 2; })(), Buffer.from("b"), new Blob(["blob"])]) {
    const got = [];
    for await (const c of Duplex.from(source)) got.push(typeof c === "object" ? String(c) : c);
    console.log(got);
  }
  const d = Duplex.from(async function* (source) { for await (const c of source) yield String(c) + "?"; });
  d.end("asked");
  for await (const c of d) console.log(c);
  const sink = Duplex.from(async (source) => { for await (const c of source) console.log("sink", String(c)); });
  sink.end("x");
  const pair = Duplex.from({ readable: Readable.from(["r"]), writable: new Writable({ write(c, e, done) { console.log("w", String(c)); done(); } }) });
  pair.end("y");
  for await (const c of pair) console.log(c);
  try { Duplex.from(5); } catch (e) { console.log(e.code, e.message); }
})();

//// Readable.from: strings, buffers, promises, errors
const { Readable } = require("stream");
(async () => {
  for (const source of ["whole", Buffer.from("b"), new Set([1, 2]), [Promise.resolve("p"), "q"], (function* () { yield* "xy"; })()]) console.log(await Readable.from(source).toArray());
  const r = Readable.from((function* () { try { yield 1; yield 2; } finally { console.log("returned"); } })());
  for await (const v of r) { console.log(v); break; }
  console.log(r.destroyed);
  await Readable.from((async function* () { yield 1; throw new Error("late"); })()).toArray().catch((e) => console.log(e.message));
  await Readable.from([1, null]).toArray().catch((e) => console.log(e.code, e.message));
})();
try { Readable.from(5); } catch (e) { console.log(e.code, e.message); }

//// async iteration: break, throw, destroy
const { Readable } = require("stream");
const make = () => { let n = 0; return new Readable({ objectMode: true, read() { this.push(n < 3 ? { n: n++ } : null); }, destroy(e, done) { console.log("destroyed", e?.message); done(e); } }); };
(async () => {
  for await (const c of make()) { console.log(c); break; }
  const kept = make();
  for await (const c of kept.iterator({ destroyOnReturn: false })) { console.log(c); break; }
  console.log(kept.destroyed, (await kept.toArray()).length);
  try { for await (const c of make()) throw new Error("in the loop"); } catch (e) { console.log(e.message); }
  const r = make();
  setImmediate(() => r.destroy(new Error("outside")));
  try { for await (const c of r) await new Promise((done) => setImmediate(done)); } catch (e) { console.log(e.message); }
  const early = make();
  early.destroy();
  try { for await (const c of early); } catch (e) { console.log(e.code); }
})();

//// operators: map, filter, flatMap, take, drop
const { Readable } = require("stream");
const r = () => Readable.from([1, 2, 3, 4, 5]);
(async () => {
  console.log(await r().map(async (n) => n * 2).filter((n) => n > 3).toArray(), await r().flatMap((n) => [n, -n]).take(3).toArray(), await r().drop(3).toArray());
  console.log(await r().asIndexedPairs?.().toArray(), await r().take(0).toArray());
  await r().map(() => { throw new Error("map"); }).toArray().catch((e) => console.log(e.message));
  let running = 0, most = 0;
  console.log(await r().map(async (n) => { most = Math.max(most, ++running); await new Promise((d) => setImmediate(d)); running--; return n; }, { concurrency: 2 }).toArray(), most);
  for (const f of [() => r().map(1), () => r().take(-1), () => r().map((x) => x, { concurrency: 0 }), () => r().drop("x"), () => r().filter(null)]) try { await f().toArray(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }
})();

//// operators: reduce, some, every, find, forEach
const { Readable } = require("stream");
const r = () => Readable.from([1, 2, 3, 4]);
(async () => {
  console.log(await r().reduce((a, b) => a + b), await r().reduce((a, b) => a + b, 10), await r().some((n) => n > 3), await r().every((n) => n > 3), await r().find((n) => n > 2), await r().find(() => false));
  await r().forEach((n) => console.log("each", n));
  await Readable.from([]).reduce((a, b) => a + b).catch((e) => console.log(e.name, e.code, e.message));
  const controller = new AbortController();
  const waiting = r().forEach(async () => { controller.abort(); await new Promise((d) => setImmediate(d)); }, { signal: controller.signal });
  await waiting.catch((e) => console.log(e.name, e.code));
  for (const f of [() => r().reduce(1), () => r().forEach(), () => r().some({})]) await f().catch((e) => console.log(e.code, e.message));
})();

//// addAbortSignal and the signal option
const { addAbortSignal, Readable, Writable } = require("stream");
const controller = new AbortController();
const r = addAbortSignal(controller.signal, new Readable({ read() {} }));
const w = new Writable({ signal: controller.signal, write() {} });
for (const [name, s] of Object.entries({ r, w })) s.on("error", (e) => console.log(name, e.name, e.code, e.cause?.name)).on("close", () => console.log(name, "close"));
controller.abort();
new Readable({ read() {}, signal: AbortSignal.abort("early") }).on("error", (e) => console.log("early", e.cause));
for (const f of [() => addAbortSignal(1, r), () => addAbortSignal(controller.signal, {})]) try { f(); } catch (e) { console.log(e.code, e.message); }

//// isErrored, isReadable, isDisturbed, isDestroyed
const stream = require("stream");
const { Readable, Writable, isErrored, isReadable, isDisturbed, isDestroyed, isWritable } = stream;
const r = Readable.from(["a"]);
console.log(isReadable(r), isDisturbed(r), isErrored(r), isDestroyed?.(r), isWritable?.(new Writable()));
r.on("data", () => {}).on("close", () => {
  console.log(isReadable(r), isDisturbed(r), isErrored(r));
  const broken = new Readable().on("error", () => console.log(isErrored(broken), isReadable(broken)));
  broken.destroy(new Error("x"));
  console.log(isErrored(broken), Readable.isDisturbed(new ReadableStream()), isReadable(new ReadableStream()), isErrored(null));
});

//// to web streams
const { Readable, Writable, Duplex, PassThrough } = require("stream");
(async () => {
  const web = Readable.toWeb(Readable.from(["a", "b"]));
  for await (const c of web) console.log(c);
  const got = [];
  const writer = Writable.toWeb(new Writable({ write(c, e, done) { got.push(String(c)); done(); }, final(done) { got.push("final"); done(); } })).getWriter();
  await writer.write("x");
  await writer.write(new Uint8Array([65]));
  await writer.close();
  console.log(got);
  const { readable, writable } = Duplex.toWeb(new PassThrough());
  const w = writable.getWriter();
  w.write("through");
  w.close();
  for await (const c of readable) console.log(c);
  const broken = Readable.toWeb(new Readable({ read() { this.destroy(new Error("broken")); } }));
  await broken.getReader().read().catch((e) => console.log(e.message));
})();

//// from web streams
const { Readable, Writable, Duplex } = require("stream");
(async () => {
  const web = new ReadableStream({ start(c) { c.enqueue("a"); c.enqueue("b"); c.close(); }, cancel(reason) { console.log("cancelled", reason); } });
  console.log(await Readable.fromWeb(web, { objectMode: true }).toArray(), web.locked);
  const sink = Writable.fromWeb(new WritableStream({ write(c) { console.log("sink", String(c)); }, close() { console.log("closed"); }, abort(e) { console.log("aborted", e?.message); } }));
  sink.write("x");
  await new Promise((done) => sink.end("y", done));
  const d = Duplex.fromWeb(new TransformStream({ transform(c, t) { t.enqueue(String(c).toUpperCase()); } }), { encoding: "utf8" });
  d.end("shout");
  for await (const c of d) console.log(String(c));
  const cancelled = Readable.fromWeb(new ReadableStream({ pull(c) { c.enqueue("z"); }, cancel(e) { console.log("cancel", e?.message); } }));
  cancelled.on("error", (e) => console.log("error", e.message));
  cancelled.once("data", () => cancelled.destroy(new Error("enough")));
})();
for (const f of [() => Readable.fromWeb({}), () => Writable.fromWeb(1), () => Duplex.fromWeb({ readable: 1 })]) try { f(); } catch (e) { console.log(e.code, e.message); }

//// stream/consumers
const { text, json, buffer, arrayBuffer, blob } = require("stream/consumers");
const { Readable } = require("stream");
const r = (...c) => Readable.from(c.map((t) => Buffer.from(t)));
(async () => {
  console.log(await text(r("a", "€")), await json(r('{"a":', "1}")), await buffer(r("x", "y")), await arrayBuffer(r("z")), (await blob(r("1", "23"))).size);
  await json(r("{")).catch((e) => console.log(e.name, e.message));
  const euro = Buffer.from("€");
  console.log(await text(Readable.from([euro.subarray(0, 1), euro.subarray(1)])), await text(new Blob(["blob"]).stream()), await text((async function* () { yield "gen"; })()));
})();

//// duplexPair and a generator in the middle
const { duplexPair, pipeline } = require("stream");
const [a, b] = duplexPair();
a.setEncoding("utf8").on("data", (d) => console.log("a got", d)).on("end", () => console.log("a end"));
pipeline(b, async function* (s) { for await (const c of s) yield `echo ${c}`; }, b, (e) => console.log("b done", e?.code));
a.write("one");
setImmediate(() => a.end("two"));
a.on("close", () => console.log("a close"));
