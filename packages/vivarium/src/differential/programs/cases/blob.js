//// parts, size, type and slices
const { Blob } = require("buffer");
(async () => {
  const b = new Blob(["a€", new Uint8Array([98, 99]), new Blob(["d"]), new DataView(new ArrayBuffer(1)), 5], { type: "Text/Plain" });
  console.log(b.size, b.type, JSON.stringify(await b.text()), await b.arrayBuffer(), b);
  for (const args of [[1], [0, 4], [-2], [2, -1], [5, 2], [0, 99, "x/y"]]) { const s = b.slice(...args); console.log(args, s.size, s.type, JSON.stringify(await s.text())); }
  console.log(await b.bytes(), Blob === globalThis.Blob);
})();

//// line endings and wrong arguments
const { Blob } = require("buffer");
(async () => {
  console.log(JSON.stringify(await new Blob(["a\r\nb\rc\n"], { endings: "native" }).text()), JSON.stringify(await new Blob(["a\r\n"], { endings: "transparent" }).text()));
  for (const f of [() => new Blob("text"), () => new Blob(5), () => new Blob([], { endings: "x" }), () => Blob(), () => new Blob([Symbol()]), () => new Blob([], 5)]) try { console.log(f().size); } catch (e) { console.log(e.name, e.code, e.message); }
  console.log(new Blob([], { type: "ü" }).type, new Blob(new Set(["a", "b"])).size, new Blob([{}]).size);
})();

//// streamed
const { Blob } = require("buffer");
(async () => {
  const b = new Blob(["x".repeat(100_000), "y"]);
  let n = 0;
  let last;
  for await (const c of b.stream()) { n += c.length; last = c.at(-1); }
  console.log(n, last);
  const reader = b.slice(99_999).stream().getReader({ mode: "byob" });
  console.log(await reader.read(new Uint8Array(5)));
  const cancelled = b.stream();
  await cancelled.cancel("no");
  console.log(cancelled.locked, await new Response(b.slice(-2)).text());
})();

//// File
const { File } = require("buffer");
(async () => {
  const f = new File(["abc", "d"], "name.txt", { type: "text/x", lastModified: 5 });
  console.log(f.name, f.size, f.type, f.lastModified, await f.text(), f instanceof Blob, f, Object.prototype.toString.call(f));
  console.log(f.slice(1) instanceof File, new File([], "x", { lastModified: "7" }).lastModified, typeof new File([], "y").lastModified);
  for (const g of [() => new File(), () => new File([]), () => new File("x", "y"), () => File([], "a")]) try { g(); } catch (e) { console.log(e.name, e.code, e.message); }
})();

//// cloned and posted
(async () => {
  const b = new Blob(["shared"], { type: "a/b" });
  const c = structuredClone({ b }).b;
  console.log(c instanceof Blob, c.size, c.type, await c.text(), c === b);
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = async ({ data }) => { console.log(data, await data.text()); port2.close(); };
  port1.postMessage(b);
})();

//// text of many encodings and broken bytes
(async () => {
  const euro = new TextEncoder().encode("€");
  console.log(escape(await new Blob([euro.subarray(0, 2)]).text()), await new Blob([euro.subarray(0, 1), euro.subarray(1)]).text(), JSON.stringify(await new Blob(["\ufeffbom"]).text()));
  console.log(escape(await new Blob(["\ud800"]).text()), new Blob(["\ud800"]).size, await new Blob([]).text() === "", (await new Blob([new Uint16Array([1])]).arrayBuffer()).byteLength);
})();

//// openAsBlob: read late, refused once the file has changed
const fs = require("fs");
fs.writeFileSync("f", "file contents");
(async () => {
  const b = await fs.openAsBlob("f", { type: "t/x" });
  console.log(b, b instanceof Blob, await b.text(), await b.slice(5).text());
  fs.writeFileSync("f", "changed in the meantime");
  await b.text().catch((e) => console.log(e.name, e.message));
  console.log(await (await fs.openAsBlob(require("url").pathToFileURL("f"))).text());
  try { structuredClone(b); } catch (e) { console.log(e.name, e.code, e.message); }
  await fs.openAsBlob("none");
})().catch((e) => console.log(e.name, e.code, e.message));
