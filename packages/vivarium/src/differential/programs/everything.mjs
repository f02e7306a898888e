import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter, once } from "node:events";
import fs, { promises as files } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { format, inspect } from "node:util";

const store = new AsyncLocalStorage();
const log = (...what) => console.log(store.getStore() ?? "-", ...what);

process.nextTick(log, "tick");
queueMicrotask(() => log("microtask"));
log("main", basename(fileURLToPath(import.meta.url)), typeof module, this, Object.keys(import.meta).sort());
await null;
log("after the first await");
await new Promise((resolve) => setTimeout(resolve, 5));

const require = createRequire(import.meta.url);
log(
  require("node:fs") === fs,
  (await import("node:fs")).default === fs,
  import.meta.resolve("./x.mjs").endsWith("/x.mjs"),
);
for (const specifier of ["./missing.mjs", "no-such-package", "node:nope", "data:text/javascript,throw 1"]) {
  await import(specifier).catch((error) => log(error?.code ?? error, error?.name));
}
log(await import("data:text/javascript,export default import.meta.url; export const two = 2"));

await files.writeFile("a.txt", "0123456789");
const seen = [];
const sink = new Writable({
  highWaterMark: 2,
  write(chunk, _encoding, done) {
    seen.push(chunk.toString());
    setImmediate(done);
  },
});
await pipeline(
  fs.createReadStream("a.txt", { highWaterMark: 3, start: 1 }),
  async function* (source) {
    for await (const chunk of source) yield `<${chunk}>`;
  },
  sink,
);
log(
  seen,
  sink.writableFinished,
  await Readable.from([1, 2, 3])
    .map((n) => n * 2)
    .toArray(),
);
log(await files.readFile("missing").catch((error) => [error.message, error.errno, Object.keys(error)]));
log(fs.readdirSync(".").sort(), (await files.stat("a.txt")).size);

const emitter = new EventEmitter({ captureRejections: true });
emitter.on("error", (error) => log("captured", error.message));
emitter.on("go", async () => {
  throw new Error("from an async listener");
});
setImmediate(() => emitter.emit("go") && emitter.emit("ready", 1, 2));
log(await once(emitter, "ready"));

const target = new EventTarget();
target.addEventListener("ping", (event) => log(event.type, event instanceof Event, event.detail), {
  signal: AbortSignal.timeout(60_000),
});
target.dispatchEvent(new CustomEvent("ping", { detail: { a: [1] } }));
const stream = new ReadableStream({
  start(c) {
    c.enqueue("web");
    c.close();
  },
}).pipeThrough(new TextEncoderStream());
for await (const chunk of stream) log(chunk, new TextDecoder().decode(chunk));
log(
  structuredClone({ error: new TypeError("cloned"), list: [new Date(0)] }).error.message,
  format("%i %f %O %%", 4.7, "1.5", { a: { b: {} } }),
);
log(
  inspect(new Proxy({ a: 1 }, {}), { showProxy: true }),
  [..."é✓"].map((c) => c.codePointAt(0)),
);
log(Promise.resolve(4), (async () => {})());
if (process.env.WITHOUT_REJECTIONS === undefined) {
  process.on("unhandledRejection", (reason, promise) => log("unhandled", reason.message, promise));
  Promise.reject(new Error("seen by a listener"));
}
await new Promise((resolve) => setTimeout(resolve, 1));
process.on("exit", (code) => log("exit", code));
await store.run("inside", async () => {
  await files.unlink("a.txt");
  log("last words");
  setTimeout(() => {
    null.property;
  }, 1);
});
