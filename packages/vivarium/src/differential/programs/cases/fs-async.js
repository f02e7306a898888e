//// callbacks: order after ticks, errors and their fields
const fs = require("fs");
fs.writeFile("f", "text", (e) => {
  console.log("written", e);
  fs.readFile("f", "utf8", (e, d) => {
    console.log("read", e, d);
    fs.stat("f", (e, s) => { console.log(e, s.size); fs.unlink("f", (e) => { console.log(e); fs.readFile("f", (e, d) => console.log(e, d)); }); });
  });
});
process.nextTick(() => console.log("tick"));
Promise.resolve().then(() => console.log("promise"));
console.log("main");

//// callbacks are checked first
const fs = require("fs");
for (const f of [() => fs.readFile("f"), () => fs.stat("f", "x"), () => fs.writeFile("f", "x"), () => fs.readFile(5.5, () => {}), () => fs.mkdir({}, () => {}), () => fs.access("f", "x", () => {}), () => fs.open("f", "zz", () => {}), () => fs.write("x", "y", () => {}), () => fs.read(1), () => fs.exists("x"), () => fs.rename("a", () => {})]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }
fs.exists(5, (x) => console.log("exists", x));
fs.exists("program.cjs", (x) => console.log("exists", x));

//// the whole life of a file by callbacks
const fs = require("fs");
fs.open("f", "w+", (e, fd) => fs.write(fd, "hello", (e, n, text) => { console.log(n, text); fs.write(fd, Buffer.from("XY"), 0, 1, 2, (e, n, b) => { console.log(n, b); fs.read(fd, { position: 0, buffer: Buffer.alloc(5) }, (e, n, b) => { console.log(n, String(b)); fs.read(fd, Buffer.alloc(3), 1, 2, 0, (e, n, b) => { console.log(n, b); fs.ftruncate(fd, 2, () => fs.fstat(fd, (e, s) => { console.log(s.size); fs.close(fd, (e) => { console.log("closed", e); fs.read(fd, (e) => console.log(e.code, e.syscall)); }); })); }); }); }); }));

//// mkdir, readdir, rename, rm by callbacks
const fs = require("fs");
fs.mkdir("a/b/c", { recursive: true }, (e, first) => { console.log(e, first.endsWith("/a")); fs.writeFile("a/b/f", "", () => fs.readdir("a", { recursive: true }, (e, names) => { console.log(names.sort()); fs.rename("a/b", "z", (e) => { console.log(e); fs.readdir("z", { withFileTypes: true }, (e, entries) => { console.log(entries.map((d) => [d.name, d.isDirectory()]).sort()); fs.rm("z", (e) => { console.log(e.name, e.code, e.message.replace(process.cwd(), ".")); fs.rm("z", { recursive: true }, (e) => { console.log(e); fs.rmdir("z", (e) => console.log(e.code, e.message)); }); }); }); }); })); });

//// promises: read, write, errors with stacks
const fs = require("fs/promises");
(async () => {
  await fs.writeFile("f", ["a", "b"]);
  await fs.appendFile("f", "c");
  console.log(await fs.readFile("f", "utf8"), (await fs.stat("f")).size, await fs.access("f"), await fs.readdir("."));
  for (const f of [() => fs.readFile("none"), () => fs.mkdir("f"), () => fs.readdir("f"), () => fs.rmdir("none"), () => fs.rename("none", "x"), () => fs.readFile(5), () => fs.writeFile("f", 5), () => fs.readlink("f"), () => fs.rm("none"), () => fs.unlink("."), () => fs.readFile("f", "nope"), () => fs.chmod("f", "zz"), () => fs.truncate("none")]) await f().then(() => console.log("fine"), (e) => console.log(e.name, e.code, e.syscall, e.path, e.message.replaceAll(process.cwd(), ".")));
})();

//// promises: an uncaught one ends with code 1
require("fs").promises.readFile("/none/at/all");

//// FileHandle
const fs = require("fs/promises");
(async () => {
  const h = await fs.open("f", "w+");
  h.on("close", () => console.log("close event"));
  console.log(typeof h.fd, await h.write("hello"), (await h.write(Buffer.from("XYZ"), 0, 2, 1)).bytesWritten, (await h.writev([Buffer.from("v")], 4)).bytesWritten);
  const { bytesRead, buffer } = await h.read(Buffer.alloc(4), 0, 4, 0);
  console.log(bytesRead, String(buffer), (await h.read({ position: 1, length: 2 })).buffer.length, await h.readFile("utf8"), (await h.stat()).size, await h.truncate(2), await h.sync(), await h.datasync(), await h.chmod(0o600), await h.utimes(1, 2), await h.appendFile("!"));
  await h.close();
  console.log(h.fd, await h.close());
  for (const f of [() => h.read(), () => h.write("x"), () => h.stat()]) await f().then(() => console.log("fine"), (e) => console.log(e.name, e.code, e.syscall, e.message));
  console.log(await fs.readFile("f"));
  const one = await fs.open("f");
  await one[Symbol.asyncDispose]();
  console.log(one.fd, one.constructor.name);
})();

//// FileHandle: lines, streams and web streams
const fs = require("fs/promises");
(async () => {
  await fs.writeFile("f", "one\ntwo\r\nthree");
  for await (const line of (await fs.open("f")).readLines()) console.log(JSON.stringify(line));
  const h = await fs.open("f");
  for await (const c of h.createReadStream({ start: 2, end: 5, encoding: "utf8", autoClose: false })) console.log(JSON.stringify(c));
  await h.close();
  const w = await fs.open("g", "w");
  const s = w.createWriteStream();
  s.end("streamed");
  await require("events").once(s, "close");
  console.log(await fs.readFile("g", "utf8"), w.fd);
  const b = await fs.open("f");
  const got = [];
  for await (const c of b.readableWebStream()) got.push(Buffer.from(c));
  console.log(String(Buffer.concat(got)).length);
  await b.close();
})();

//// a read stream: events, ranges, highWaterMark
const fs = require("fs");
fs.writeFileSync("f", "0123456789");
const r = fs.createReadStream("f", { start: 1, end: 7, highWaterMark: 3, encoding: "latin1" });
for (const name of ["open", "ready", "end", "close"]) r.on(name, (v) => console.log(name, typeof v));
r.on("data", (d) => console.log("data", d, r.bytesRead));
console.log(r.path, r.pending, r.flags, r.start, r.end, r.autoClose);
r.on("close", () => fs.createReadStream("none").on("error", (e) => console.log(e.code, e.syscall)).on("close", () => console.log("closed")));
for (const o of [{ start: 5, end: 1 }, { start: "x" }, { encoding: "nope" }, { fd: "x" }, { highWaterMark: -1 }, "nope"]) try { fs.createReadStream("f", o).on("error", () => {}); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// a write stream: events, flags, start
const fs = require("fs");
fs.writeFileSync("f", "0123456789");
const w = fs.createWriteStream("f", { flags: "r+", start: 3 });
for (const name of ["open", "ready", "finish", "close"]) w.on(name, (v) => console.log(name, typeof v, w.bytesWritten));
console.log(w.write("AB"), w.pending);
w.end("C", () => {
  console.log(fs.readFileSync("f", "utf8"));
  const a = fs.createWriteStream("f", { flags: "a", encoding: "hex", flush: true });
  a.write("4142");
  a.close((e) => {
    console.log("closed", e, fs.readFileSync("f", "utf8"), a.path);
    fs.createWriteStream("none/x").on("error", (e) => console.log(e.code, e.message)).on("close", () => console.log("closed"));
  });
});

//// streams with own fs functions, destroyed and aborted
const fs = require("fs");
fs.writeFileSync("f", "x".repeat(10));
const log = [];
const own = { open: (...a) => { log.push("open"); fs.open(...a); }, read: (...a) => { log.push("read"); fs.read(...a); }, close: (...a) => { log.push("close"); fs.close(...a); } };
const controller = new AbortController();
fs.createReadStream("f", { fs: own }).on("data", () => {}).on("close", () => {
  console.log(log);
  const r = fs.createReadStream("f", { signal: controller.signal });
  r.on("error", (e) => console.log(e.name, e.code)).on("close", () => {
    console.log(r.destroyed, r.fd);
    const w = fs.createWriteStream("g");
    w.on("open", () => w.destroy(new Error("mine"))).on("error", (e) => console.log(e.message)).on("close", () => console.log("closed", w.closed));
  });
  controller.abort();
});

//// pipeline from file to file
const fs = require("fs");
const { pipeline } = require("stream/promises");
const { createHash } = require("crypto");
(async () => {
  fs.writeFileSync("a", "line of text\n".repeat(20000));
  await pipeline(fs.createReadStream("a"), async function* (s) { for await (const c of s) yield String(c).toUpperCase(); }, fs.createWriteStream("b"));
  console.log(fs.statSync("b").size, createHash("sha1").update(fs.readFileSync("b")).digest("hex"));
  await pipeline(fs.createReadStream("none"), fs.createWriteStream("c")).catch((e) => console.log(e.code, fs.existsSync("c")));
  await pipeline(fs.createReadStream("a"), fs.createWriteStream(".")).catch((e) => console.log(e.code, e.syscall));
})();

//// readFile and writeFile with signals and iterables
const fs = require("fs/promises");
const { Readable } = require("stream");
(async () => {
  await fs.writeFile("f", Readable.from(["a", "b"]));
  await fs.appendFile("f", "c");
  await fs.writeFile("g", (function* () { yield "x"; yield "y"; })());
  console.log(await fs.readFile("f", "utf8"), await fs.readFile("g", "utf8"));
  const c = new AbortController();
  const reading = fs.readFile("f", { signal: c.signal });
  c.abort();
  await reading.catch((e) => console.log(e.name, e.code));
  await fs.writeFile("f", "never", { signal: AbortSignal.abort("why") }).catch((e) => console.log(e.name, e.cause));
  console.log(await fs.readFile("f", "utf8"));
  await fs.writeFile("f", (function* () { yield 5; })()).catch((e) => console.log(e.name, e.code, e.message));
})();

//// promises: cp, mkdtemp, links, times
const fs = require("fs/promises");
(async () => {
  await fs.mkdir("a");
  await fs.writeFile("a/f", "1");
  await fs.cp("a", "b", { recursive: true });
  await fs.symlink("a/f", "l");
  await fs.link("a/f", "h");
  await fs.utimes("a/f", 1, 2);
  await fs.lutimes("l", 3, 4);
  console.log(await fs.readlink("l"), (await fs.lstat("l")).mtimeMs, (await fs.stat("h")).mtimeMs, (await fs.realpath("l")).endsWith("a/f"), (await fs.mkdtemp("t-")).length, await fs.readFile("b/f", "utf8"), (await fs.statfs(".")).constructor.name);
  await fs.copyFile("l", "copy");
  await fs.rename("copy", "renamed");
  console.log((await fs.readdir(".", { recursive: true })).filter((n) => !n.startsWith("t-")).sort());
  await fs.cp("a", "b", { recursive: true, errorOnExist: true, force: false }).catch((e) => console.log(e.name, e.code, e.message.replaceAll(process.cwd(), ".")));
})();

//// glob
const fs = require("fs");
process.on("warning", (w) => console.log(w.name));
fs.mkdirSync("src/deep", { recursive: true });
for (const f of ["src/a.js", "src/b.ts", "src/deep/c.js", "x.md"]) fs.writeFileSync(f, "");
console.log(fs.globSync("**/*.js").sort(), fs.globSync(["*.md", "src/*.ts"]).sort(), fs.globSync("**", { exclude: (n) => n === "deep" }).sort(), fs.globSync("*.{md,cjs}", { cwd: "." }).sort());
fs.glob("src/*", async (e, m) => { console.log(e, m.sort()); const got = []; for await (const f of fs.promises.glob("**/c.*")) got.push(f); console.log(got); });
for (const f of [() => fs.globSync(5), () => fs.globSync("x", { exclude: 5 }), () => fs.glob("x")]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }

//// many operations at once all come back
const fs = require("fs/promises");
(async () => {
  const names = Array.from({ length: 60 }, (_, i) => `f${i}`);
  await Promise.all(names.map((n) => fs.writeFile(n, n.repeat(100))));
  const texts = await Promise.all(names.map((n) => fs.readFile(n, "utf8")));
  console.log(texts.every((t, i) => t === names[i].repeat(100)), (await fs.readdir(".")).length);
  const all = await Promise.allSettled([...names.map((n) => fs.unlink(n)), fs.unlink("none")]);
  console.log(all.filter((r) => r.status === "rejected").map((r) => r.reason.code), await fs.readdir("."));
})();

//// promisified forms and the callback's context
const fs = require("fs");
const { promisify } = require("util");
(async () => {
  const { bytesWritten, buffer } = await promisify(fs.write)(fs.openSync("f", "w"), Buffer.from("abc"));
  const read = await promisify(fs.read)(fs.openSync("f"), Buffer.alloc(3), 0, 3, 0);
  console.log(bytesWritten, buffer, read, await promisify(fs.exists)("f"), (await promisify(fs.readv)(fs.openSync("f"), [Buffer.alloc(2)])).bytesRead);
  fs.stat("f", function () { console.log(this === undefined || this === globalThis || this.constructor.name, arguments.length); });
})();

//// watchFile sees a file come and change, unwatchFile ends it
const fs = require("fs");
let n = 0;
const watcher = fs.watchFile("f", { interval: 20 }, (now, before) => {
  console.log("change", now.size, before.size, now.isFile(), now.mtimeMs === 0, before.mtimeMs === 0);
  if (n++ === 0) fs.writeFileSync("f", "12345");
  else fs.unwatchFile("f");
});
console.log(watcher.constructor.name, watcher.listenerCount("change"));
for (const f of [() => fs.watchFile("f"), () => fs.watchFile(5, () => {}), () => fs.unwatchFile({})]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }

//// an error thrown in a callback is uncaught, the others go on
const fs = require("fs");
process.on("uncaughtException", (e, origin) => { console.log("uncaught", e.message, origin); fs.stat(".", () => console.log("goes on")); });
fs.readFile(__filename, () => { throw new Error("in a callback"); });

//// an error's text, inspected and as JSON
const fs = require("fs");
fs.rename("from", "to", (e) => {
  console.log(e, JSON.stringify(e), Object.keys(e), e.stack === `${e.name}: ${e.message}`);
  fs.promises.open("none").catch((e) => console.log(require("util").inspect(e).split("\n").slice(0, 2), Object.keys(e)));
});
try { fs.linkSync("x", "y"); } catch (e) { console.log(JSON.stringify(e), require("util").inspect(e, { compact: true }).split("\n").length > 5); }

//// a sparse write, a short read and a large file
const fs = require("fs");
const fd = fs.openSync("f", "w+");
fs.writeSync(fd, "end", 100_000);
const b = Buffer.alloc(10, 1);
console.log(fs.fstatSync(fd).size, fs.readSync(fd, b, 0, 10, 99_998), b, fs.readSync(fd, b, 0, 10, 200_000));
fs.writeFileSync("g", Buffer.alloc(3_000_000, "abc"));
fs.readFile("g", (e, d) => { console.log(e, d.length, d.subarray(-4).toString(), d.equals(fs.readFileSync("g"))); fs.promises.readFile("g", "latin1").then((t) => console.log(t.length, t.slice(0, 4))); });

//// patched fs functions are seen by others, graceful wrappers work
const fs = require("fs");
const { readFileSync, open } = fs;
fs.readFileSync = function (...args) { console.log("patched", args.length); return readFileSync.apply(this, args); };
fs.open = (...args) => { console.log("open", args[1]); open(...args); };
console.log(typeof require("fs").readFileSync(__filename, "utf8"));
fs.createReadStream(__filename).on("data", () => {}).on("close", () => console.log("closed"));
console.log(Object.getOwnPropertyDescriptor(fs, "promises").enumerable, fs.promises === require("fs/promises"), fs.F_OK, fs.ReadStream.name);
