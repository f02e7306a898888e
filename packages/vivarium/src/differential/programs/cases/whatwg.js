//// TextDecoder, streaming
const d = new TextDecoder("utf-8");
console.log([0xe2, 0x82, 0xac, 0xf0, 0x9f].map((b) => d.decode(new Uint8Array([b]), { stream: true })), escape(d.decode()));
const wide = new TextDecoder("utf-16le");
console.log([0x3d, 0xd8, 0x00, 0xde].map((b) => wide.decode(new Uint8Array([b]), { stream: true })));
const bom = new TextDecoder();
console.log([0xef, 0xbb, 0xbf, 0x41].map((b) => JSON.stringify(bom.decode(new Uint8Array([b]), { stream: true }))));
console.log(new TextDecoder("utf-8", { fatal: true }).decode(new DataView(Uint8Array.of(65, 66).buffer, 1)), new TextDecoder().decode(new SharedArrayBuffer(1)).length);

//// TextEncoder
const e = new TextEncoder();
console.log(e.encoding, e.encode(), e.encode("€\ud800x"), e.encode(5), e.encodeInto("ab€", new Uint8Array(4)), e.encodeInto("", new Uint8Array(0)));
for (const f of [() => e.encodeInto("a", []), () => TextEncoder(), () => e.encodeInto(), () => TextEncoder.prototype.encode.call({}, "a")]) try { f(); } catch (error) { console.log(error.name, error.code); }

//// TextEncoderStream and TextDecoderStream
(async () => {
  const bytes = new ReadableStream({ start(c) { for (const b of [0xe2, 0x82, 0xac, 0x41]) c.enqueue(Uint8Array.of(b)); c.close(); } });
  for await (const t of bytes.pipeThrough(new TextDecoderStream())) console.log(t);
  const text = new ReadableStream({ start(c) { c.enqueue("a\ud83d"); c.enqueue("\ude00"); c.enqueue("\ud800"); c.close(); } });
  for await (const b of text.pipeThrough(new TextEncoderStream())) console.log(b);
  const d = new TextDecoderStream("latin1", { fatal: true, ignoreBOM: true });
  console.log(d.encoding, d.fatal, d.ignoreBOM, new TextEncoderStream());
  const w = new TextDecoderStream("utf-8", { fatal: true });
  const writer = w.writable.getWriter();
  const reading = w.readable.getReader().read().catch((e) => console.log(e.name, e.code));
  await writer.write(Uint8Array.of(0xff)).catch((e) => console.log(e.name, e.code));
  await reading;
})();

//// ReadableStream: pull, back-pressure, cancel
(async () => {
  let n = 0;
  const s = new ReadableStream({ pull(c) { console.log("pull", n, c.desiredSize); c.enqueue(n++); }, cancel(r) { console.log("cancel", r); } }, { highWaterMark: 2 });
  const reader = s.getReader();
  await null;
  console.log(await reader.read(), await reader.read(), s.locked);
  reader.releaseLock();
  await reader.read().catch((e) => console.log(e.name, e.code, e.message));
  await s.cancel("enough");
  console.log(await s.getReader().read(), s);
})();

//// ReadableStream: iteration, tee and from
(async () => {
  const s = ReadableStream.from(["a", Promise.resolve("b")]);
  const [one, two] = s.tee();
  const read = async (name, r) => { for await (const c of r) console.log(name, c); };
  await Promise.all([read("one", one), read("two", two)]);
  const gen = ReadableStream.from((async function* () { try { yield 1; yield 2; } finally { console.log("returned"); } })());
  for await (const v of gen) { console.log(v); break; }
  const kept = ReadableStream.from([1, 2, 3]);
  for await (const v of kept.values({ preventCancel: true })) { console.log(v); break; }
  console.log((await kept.getReader().read()).value);
  try { ReadableStream.from(5); } catch (e) { console.log(e.name, e.code, e.message); }
})();

//// ReadableStream: errors
(async () => {
  const failing = new ReadableStream({ start(c) { c.error(new Error("broken")); } });
  await failing.getReader().read().catch((e) => console.log(e.message));
  const thrown = new ReadableStream({ pull() { throw new TypeError("pull"); } });
  await thrown.getReader().read().catch((e) => console.log(e.name, e.message));
  const s = new ReadableStream({ start(c) { c.close(); try { c.enqueue(1); } catch (e) { console.log(e.name, e.code, e.message); } } });
  s.getReader();
  for (const f of [() => s.getReader(), () => s.tee(), () => new ReadableStream({ type: "x" }), () => new ReadableStream({}, { highWaterMark: -1 }), () => new ReadableStreamDefaultReader({}), () => new ReadableStreamDefaultController(), () => s.getReader({ mode: "x" })]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }
  await s.cancel().catch((e) => console.log(e.code));
})();

//// byte streams and BYOB readers
(async () => {
  let n = 0;
  const s = new ReadableStream({ type: "bytes", autoAllocateChunkSize: 4, pull(c) { const r = c.byobRequest; if (n++ > 2) { c.close(); r?.respond(0); return; } r.view[0] = 65 + n; r.respond(1); } });
  const reader = s.getReader({ mode: "byob" });
  const first = await reader.read(new Uint8Array(3));
  console.log(first, first.value.buffer.byteLength);
  console.log(await reader.read(new Uint16Array(first.value.buffer, 0, 1)).catch((e) => e.message));
  reader.releaseLock();
  for await (const c of s) console.log(c);
  await new ReadableStream({ type: "bytes" }).getReader({ mode: "byob" }).read(new Uint8Array(0)).catch((e) => console.log(e.name, e.code));
})();

//// WritableStream: order, back-pressure, close and abort
(async () => {
  const s = new WritableStream({ start() { console.log("start"); }, async write(c) { console.log("write", c); await null; console.log("written", c); }, close() { console.log("close"); }, abort(r) { console.log("abort", r); } }, { highWaterMark: 2 });
  const w = s.getWriter();
  console.log(w.desiredSize);
  w.write(1);
  w.write(2);
  console.log(w.desiredSize);
  await w.ready;
  await w.close();
  await w.write(3).catch((e) => console.log(e.name, e.code, e.message));
  const aborted = new WritableStream({ abort(r) { console.log("abort", r); } });
  await aborted.abort("why");
  await aborted.getWriter().closed.catch((e) => console.log("closed", e));
  const broken = new WritableStream({ write(c, controller) { console.log(controller.signal.aborted); controller.error(new Error("no")); } }).getWriter();
  await broken.write(1);
  await broken.closed.catch((e) => console.log(e.message));
  console.log(s.locked, s);
})();

//// TransformStream: transform, flush, terminate, error
(async () => {
  const collect = async (r) => { const got = []; for await (const c of r) got.push(c); return got; };
  const t = new TransformStream({ start(c) { c.enqueue("head"); }, transform(x, c) { c.enqueue(x * 2); }, flush(c) { c.enqueue("tail"); } });
  console.log(await collect(ReadableStream.from([1, 2]).pipeThrough(t)));
  console.log(await collect(ReadableStream.from([1, 2, 3]).pipeThrough(new TransformStream({ transform(x, c) { c.enqueue(x); if (x === 2) c.terminate(); } }))));
  await collect(ReadableStream.from([1]).pipeThrough(new TransformStream({ transform() { throw new Error("t"); } }))).catch((e) => console.log(e.message));
  const c = new TransformStream({ cancel(r) { console.log("cancel", r); } });
  await c.readable.cancel("left");
  console.log(await collect(ReadableStream.from(["same"]).pipeThrough(new TransformStream())), t);
})();

//// pipeTo: options and signal
(async () => {
  const sink = (name) => new WritableStream({ write(c) { console.log(name, c); }, close() { console.log(name, "closed"); }, abort(e) { console.log(name, "aborted", e?.name ?? e); } });
  await ReadableStream.from([1, 2]).pipeTo(sink("a"));
  const open = sink("b");
  await ReadableStream.from([1]).pipeTo(open, { preventClose: true });
  await open.getWriter().close();
  const failing = new ReadableStream({ start(c) { c.enqueue(1); }, pull(c) { c.error("bad"); } });
  await failing.pipeTo(sink("c")).catch((e) => console.log("rejected", e));
  const controller = new AbortController();
  const source = new ReadableStream({ cancel(e) { console.log("source cancelled", e.name); } });
  const piping = source.pipeTo(sink("d"), { signal: controller.signal });
  controller.abort();
  await piping.catch((e) => console.log(e.name));
  await source.pipeTo(1).catch((e) => console.log(e.name, e.code));
})();

//// queuing strategies
const count = new CountQueuingStrategy({ highWaterMark: 3 });
const bytes = new ByteLengthQueuingStrategy({ highWaterMark: 10 });
console.log(count.highWaterMark, count.size(), bytes.size(new Uint8Array(7)), bytes, count);
const s = new ReadableStream({ start(c) { c.enqueue(new Uint8Array(4)); console.log(c.desiredSize); c.enqueue(new Uint8Array(8)); console.log(c.desiredSize); } }, bytes);
for (const f of [() => new CountQueuingStrategy(), () => new CountQueuingStrategy({}), () => new ReadableStream({ start(c) { c.enqueue(1); } }, { size: () => -1 }), () => new WritableStream({}, { size: 1 })]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// CompressionStream and DecompressionStream
(async () => {
  for (const format of ["gzip", "deflate", "deflate-raw"]) {
    const packed = await new Response(new Blob(["hello ".repeat(100)]).stream().pipeThrough(new CompressionStream(format))).arrayBuffer();
    const text = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream(format))).text();
    console.log(format, packed.byteLength, text.length, text.slice(0, 11));
  }
  try { new CompressionStream("zip"); } catch (e) { console.log(e.name, e.code, e.message); }
  await new Response(new Blob(["not packed"]).stream().pipeThrough(new DecompressionStream("gzip"))).text().catch((e) => console.log(e.name, e.code ?? e.cause?.code));
})();

//// Headers
const h = new Headers({ "Content-Type": "a", X: "1" });
h.append("x", "2");
h.append("Set-Cookie", "a=1");
h.append("set-cookie", "b=2");
console.log([...h], h.get("X"), h.getSetCookie(), h.has("content-type"), h);
h.delete("x");
for (const f of [() => h.append("bad name", "x"), () => h.set("x", "a\nb"), () => h.get(), () => new Headers([["a"]]), () => new Headers(5)]) try { f(); } catch (e) { console.log(e.name, e.message); }

//// Request and Response without a network
(async () => {
  const r = new Response(JSON.stringify({ a: 1 }), { status: 201, statusText: "Made", headers: { "x-y": "z" } });
  const copy = r.clone();
  console.log(r.status, r.ok, r.type, r.headers.get("content-type"), await r.json(), r.bodyUsed, await copy.text());
  await r.text().catch((e) => console.log(e.name, e.message));
  const q = new Request("http://a/b?c", { method: "post", body: new URLSearchParams({ k: "v" }) });
  console.log(q.method, q.url, q.headers.get("content-type"), await q.text(), Response.json([1]).headers.get("content-type"), Response.redirect("http://x/", 302).headers.get("location"), Response.error().type);
  for (const f of [() => new Response("", { status: 99 }), () => new Response("x", { status: 204 }), () => new Request("rel"), () => new Request("http://a", { method: "GET", body: "x" })]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.message); }
})();

//// FormData
(async () => {
  const f = new FormData();
  f.append("a", "1");
  f.append("a", 2);
  f.set("file", new Blob(["x"], { type: "text/x" }), "name.txt");
  console.log([...f.keys()], f.getAll("a"), f.get("file").name, f.get("file").type, f.has("b"), f.get("b"));
  const again = await new Response(f).formData();
  console.log([...again.keys()], await again.get("file").text());
  const form = await new Response("x=1&y=a+b", { headers: { "content-type": "application/x-www-form-urlencoded" } }).formData();
  console.log([...form]);
})();

//// a fetch of data: and of a blob
(async () => {
  const r = await fetch("data:text/plain;charset=utf-8;base64,aGVsbG8=");
  console.log(r.status, r.headers.get("content-type"), await r.text());
  const id = URL.createObjectURL(new Blob(["blobby"], { type: "text/b" }));
  const b = await fetch(id);
  console.log(b.headers.get("content-type"), b.headers.get("content-length"), await b.text());
  await fetch("nope:x").catch((e) => console.log(e.name, e.message, e.cause?.message));
  await fetch("data:,x", { signal: AbortSignal.abort() }).catch((e) => console.log(e.name, e.message));
})();

//// the globals and their descriptors
for (const name of ["URL", "AbortController", "fetch", "structuredClone", "performance", "crypto", "atob", "queueMicrotask", "setTimeout", "process", "Buffer", "global", "EventSource", "Storage"]) {
  const d = Object.getOwnPropertyDescriptor(globalThis, name);
  console.log(name, typeof globalThis[name], d && [d.enumerable, d.configurable]);
}
console.log(Object.getOwnPropertyNames(globalThis).sort().join(" "));

//// globals that are made when they are first read look like plain values from the start
const shape = (name) => { const { get, set, value, ...rest } = Object.getOwnPropertyDescriptor(globalThis, name); return [typeof get, typeof set, JSON.stringify(rest)].join(" "); };
for (const name of Object.getOwnPropertyNames(globalThis)) console.log(name, shape(name));
console.log(Object.keys(Object.getOwnPropertyDescriptors(globalThis)).join());
globalThis.Blob = 5;
console.log(Blob, shape("Blob"), delete globalThis.TextDecoder, typeof TextDecoder, Object.create(globalThis).CountQueuingStrategy.name, shape("CountQueuingStrategy"));
Object.freeze(globalThis.ReadableStream);
console.log(typeof ReadableStream, Object.entries(require("buffer")).map(([key, value]) => key + typeof value).join());
