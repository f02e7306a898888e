//// a Readable read by hand
const { Readable } = require("stream");
const r = new Readable({ read() {}, highWaterMark: 4 });
console.log(r.push("ab"), r.push("cdef"), r.readableLength, r.read(3)?.toString(), r.read(10), r.readableLength);
r.push(null);
r.on("readable", () => { let c; while ((c = r.read()) !== null) console.log("chunk", c.toString()); });
r.on("end", () => console.log("end", r.readableEnded, r.destroyed)).on("close", () => console.log("close", r.destroyed));

//// flowing, paused and resumed
const { Readable } = require("stream");
const r = Readable.from(["a", "b", "c", "d"]);
console.log(r.readableFlowing);
r.on("data", (d) => {
  console.log("data", d, r.readableFlowing);
  if (d === "b") { r.pause(); console.log("paused", r.isPaused()); setImmediate(() => r.resume()); }
});
for (const name of ["pause", "resume", "end", "close"]) r.on(name, () => console.log(name));

//// highWaterMark and drain of a Writable
const { Writable } = require("stream");
const w = new Writable({ highWaterMark: 3, write(chunk, encoding, done) { console.log("write", chunk.toString(), encoding, w.writableLength); setImmediate(done); } });
w.on("drain", () => console.log("drain", w.writableLength, w.writableNeedDrain));
console.log(w.write("a"), w.write("bcd"), w.writableNeedDrain, w.writableHighWaterMark);
w.end("z", () => console.log("ended", w.writableFinished));
w.on("finish", () => console.log("finish")).on("close", () => console.log("close"));

//// writev, cork and uncork
const { Writable } = require("stream");
const w = new Writable({ decodeStrings: false, writev(chunks, done) { console.log("writev", chunks.map((c) => [c.chunk, c.encoding])); done(); } });
w.cork();
w.cork();
w.write("a", "latin1");
w.write("b", () => console.log("b written"));
w.uncork();
console.log(w.writableCorked);
process.nextTick(() => { w.uncork(); w.end("c"); });
w.on("finish", () => console.log("finish"));

//// write after end, write of null, bad chunks
const { Writable } = require("stream");
const make = () => new Writable({ write(c, e, done) { done(); } });
const w = make();
w.on("error", (e) => console.log("event", e.code, e.message));
w.end();
w.write("x", (e) => console.log("callback", e.code));
for (const bad of [null, 5, {}, undefined]) try { make().write(bad); } catch (e) { console.log(e.code, e.message); }
try { make().setDefaultEncoding("nope"); } catch (e) { console.log(e.code, e.message); }
const twice = make();
twice.end("a");
twice.end("b", (e) => console.log("second end", e?.code));
twice.on("error", (e) => console.log("twice", e.code));

//// destroy: order of callbacks and events
const { Duplex } = require("stream");
const d = new Duplex({ read() {}, write(c, e, done) { setImmediate(done); }, destroy(error, done) { console.log("_destroy", error?.message); setImmediate(done, error); } });
for (const name of ["error", "close", "end", "finish"]) d.on(name, (e) => console.log(name, e?.message));
d.write("x", (e) => console.log("write callback", e?.code, e?.message));
d.destroy(new Error("why"));
d.destroy(new Error("second"));
d.write("y", (e) => console.log("after", e?.code));
console.log(d.destroyed, d.errored?.message, d.closed, d.readableAborted, d.writableAborted);

//// errors from read, write, final, construct
const { Readable, Writable } = require("stream");
const log = (name) => (e) => console.log(name, e.message);
new Readable({ read() { throw new Error("read"); } }).on("error", log("r")).resume();
new Writable({ write() { throw new Error("write"); } }).on("error", log("w"));
const w = new Writable({ write(c, e, done) { done(new Error("through callback")); } });
w.on("error", log("event"));
w.write("x", log("callback"));
new Writable({ final(done) { done(new Error("final")); } }).on("error", log("final")).end();
new Readable({ construct(done) { process.nextTick(done, new Error("construct")); }, read() {} }).on("error", log("construct")).on("close", () => console.log("closed"));

//// construct is awaited before reads and writes
const { Duplex } = require("stream");
const d = new Duplex({ construct(done) { console.log("constructing"); setImmediate(() => { console.log("constructed"); done(); }); }, read() { console.log("read"); this.push(null); }, write(c, e, done) { console.log("write", String(c)); done(); }, final(done) { console.log("final"); done(); } });
d.on("data", () => {}).on("end", () => console.log("end")).on("finish", () => console.log("finish")).on("close", () => console.log("close"));
d.end("x");
console.log("main");

//// object mode and its marks
const { Readable, Writable, Transform, getDefaultHighWaterMark, setDefaultHighWaterMark } = require("stream");
console.log(getDefaultHighWaterMark(false), getDefaultHighWaterMark(true), new Readable().readableHighWaterMark, new Readable({ objectMode: true }).readableHighWaterMark, new Writable({ highWaterMark: 0 }).writableHighWaterMark);
const t = new Transform({ readableObjectMode: true, transform(chunk, e, done) { this.push({ n: +chunk }); done(); }, flush(done) { done(null, { last: true }); } });
console.log(t.readableObjectMode, t.writableObjectMode, t.readableHighWaterMark, t.writableHighWaterMark);
t.on("data", (o) => console.log(o));
t.write("1");
t.end("2");
setDefaultHighWaterMark(false, 100);
console.log(new Readable().readableHighWaterMark);
for (const f of [() => new Readable({ highWaterMark: -1 }), () => new Writable({ highWaterMark: "x" })]) try { console.log(f()); } catch (e) { console.log(e.code, e.message); }

//// encodings of a Readable
const { Readable } = require("stream");
const bytes = Buffer.from("a€😀");
for (const encoding of ["utf8", "hex", "base64", "utf16le", "latin1"]) {
  const r = new Readable({ encoding, read() { for (const b of bytes) this.push(Buffer.from([b])); this.push(null); } });
  const got = [];
  r.on("data", (d) => got.push(d)).on("end", () => console.log(encoding, r.readableEncoding, JSON.stringify(got.join("|"))));
}
const late = Readable.from([Buffer.from("x")], { objectMode: false });
late.setEncoding("hex").on("data", console.log);

//// unshift
const { Readable } = require("stream");
const r = new Readable({ read() {} });
r.push("header\n\nbody");
r.push(null);
r.once("readable", () => {
  const all = r.read().toString();
  r.unshift(all.split("\n\n")[1]);
  r.on("data", (d) => console.log("rest", d.toString())).on("end", () => {
    console.log("end");
    r.on("error", (e) => console.log(e.code));
    r.unshift("late");
  });
});

//// push after the end
const { Readable } = require("stream");
const r = new Readable({ read() {} });
r.on("error", (e) => console.log(e.code, e.message)).on("close", () => console.log("close"));
r.push(null);
r.push("late");
const none = new Readable();
none.on("error", (e) => console.log(e.code, e.message));
none.read();
try { new (require("stream").Writable)().write("x"); } catch (e) { console.log(e.code, e.message); }
try { new (require("stream").Transform)().write("x"); } catch (e) { console.log(e.code, e.message); }

//// pipe, unpipe and back-pressure
const { Readable, Writable } = require("stream");
let n = 0;
const r = new Readable({ highWaterMark: 2, read() { this.push(n < 5 ? String(n++) : null); } });
const w = new Writable({ highWaterMark: 1, write(c, e, done) { console.log("got", String(c)); setImmediate(done); } });
w.on("pipe", (from) => console.log("pipe", from === r)).on("unpipe", () => console.log("unpipe")).on("finish", () => console.log("finish"));
console.log(r.pipe(w) === w);
setImmediate(() => { r.unpipe(w); console.log("unpiped", n > 0); setImmediate(() => r.pipe(w)); });

//// autoDestroy, emitClose and allowHalfOpen off
const { Duplex, Readable, Writable } = require("stream");
const d = new Duplex({ allowHalfOpen: false, read() { this.push(null); }, write(c, e, done) { done(); } });
for (const name of ["end", "finish", "close"]) d.on(name, () => console.log("d", name));
d.resume();
const r = new Readable({ autoDestroy: false, read() { this.push(null); } });
r.resume().on("end", () => setImmediate(() => console.log("r destroyed", r.destroyed))).on("close", () => console.log("never"));
new Writable({ emitClose: false, write() {} }).on("close", () => console.log("never")).destroy();

//// a Transform: order, errors and flush
const { Transform, PassThrough } = require("stream");
const t = new Transform({ transform(c, e, done) { if (String(c) === "bad") done(new Error("bad chunk")); else done(null, String(c).toUpperCase()); }, flush(done) { this.push("tail"); done(); } });
t.on("data", (d) => console.log("data", String(d))).on("end", () => console.log("end")).on("finish", () => console.log("finish"));
t.write("a");
t.end("b");
const bad = new Transform({ transform: t._transform });
bad.on("error", (e) => console.log("error", e.message)).on("close", () => console.log("close", bad.writableFinished));
bad.write("bad");
new PassThrough().on("data", (d) => console.log("through", String(d))).end("x");

//// a Readable inspected, its state and properties
const { Readable, Writable, Duplex } = require("stream");
const r = new Readable({ read() {} });
console.log(r.readable, r.readableDidRead, r.readableFlowing, r.readableObjectMode, r.readableLength, Readable.prototype.constructor.name);
r.push("x");
r.read();
console.log(r.readableDidRead, Object.keys(r), Duplex.prototype instanceof Readable, new Duplex() instanceof Writable, {} instanceof Writable);
console.log(require("util").inspect(new Writable(), { depth: 0 }), Object.keys(require("stream")).sort());
