// Streams: small buffers, pipelines over files, flush, params, reset, members, web streams, contexts.
import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import zlib from "node:zlib";

const hash = (bytes) => createHash("sha1").update(bytes).digest("hex");
const lines = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `line ${i} of ${i * 7919}\n`).join(""));

for (const [pack, unpack] of [
  ["createGzip", "createGunzip"],
  ["createDeflate", "createUnzip"],
  ["createDeflateRaw", "createInflateRaw"],
  ["createBrotliCompress", "createBrotliDecompress"],
  ["createZstdCompress", "createZstdDecompress"],
]) {
  const params = pack === "createBrotliCompress" ? { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } } : {};
  const packer = zlib[pack]({ highWaterMark: 100, chunkSize: 512, ...params });
  const unpacker = zlib[unpack]({ highWaterMark: 64, chunkSize: 100 });
  const pieces = [];
  for (let i = 0; i < lines.length; i += 9001) pieces.push(lines.subarray(i, i + 9001));
  let chunks = 0;
  packer.on("data", () => chunks++);
  const [packed] = await Promise.all([buffer(Readable.from(pieces).pipe(packer))]);
  const back = await buffer(
    Readable.from([packed.subarray(0, 1), packed.subarray(1, 5), packed.subarray(5)]).pipe(unpacker),
  );
  console.log(
    pack,
    chunks,
    packed.length,
    hash(packed),
    back.equals(lines),
    packer.bytesWritten,
    unpacker.bytesWritten,
  );
}

writeFileSync("lines.txt", lines);
await pipeline(createReadStream("lines.txt"), zlib.createGzip({ level: 9 }), createWriteStream("lines.gz"));
await pipeline(createReadStream("lines.gz"), zlib.createGunzip(), createWriteStream("lines.out"));
console.log("files", hash(readFileSync("lines.gz")), readFileSync("lines.out").equals(lines));

const flushed = zlib.createDeflate();
const sizes = [];
flushed.on("data", (chunk) => sizes.push(chunk.toString("hex")));
const flush = (kind) => new Promise((resolve) => flushed.flush(kind, resolve));
for (const kind of [zlib.constants.Z_SYNC_FLUSH, zlib.constants.Z_FULL_FLUSH, zlib.constants.Z_PARTIAL_FLUSH]) {
  flushed.write(`part ${kind}`);
  await flush(kind);
  console.log("flush", kind, sizes.splice(0));
}
flushed.write("before ".repeat(50));
await promisify(flushed.params).call(flushed, 0, zlib.constants.Z_DEFAULT_STRATEGY);
flushed.write("after ".repeat(50));
await promisify(flushed.params).call(flushed, 9, zlib.constants.Z_HUFFMAN_ONLY);
flushed.end("end ".repeat(50));
await once(flushed, "end");
console.log("params", sizes, flushed.bytesWritten);

for (const make of [zlib.createBrotliCompress, zlib.createZstdCompress]) {
  const stream = make();
  const out = [];
  stream.on("data", (chunk) => out.push(chunk.toString("hex")));
  stream.write("first");
  await new Promise((resolve) => stream.flush(resolve));
  console.log("flushed", out);
  stream.end("second");
  await once(stream, "end");
  console.log("ended", out);
}

const again = zlib.createDeflate();
const parts = [];
again.on("data", (chunk) => parts.push(chunk));
again.write("lost");
await new Promise((resolve) => again.flush(resolve));
again.reset();
parts.length = 0;
again.end("kept");
await once(again, "end");
console.log("reset", zlib.inflateSync(Buffer.concat(parts)).toString());

const members = Buffer.concat([zlib.gzipSync("abc"), zlib.gzipSync("def"), zlib.gzipSync("")]);
for (const size of [1, 7, 22, 100]) {
  const stream = zlib.createUnzip();
  const pieces = [];
  for (let i = 0; i < members.length; i += size) pieces.push(members.subarray(i, i + size));
  console.log("members", size, String(await buffer(Readable.from(pieces).pipe(stream))), stream.bytesWritten);
}

const { buffer: informed, engine } = zlib.gzipSync("with info", { info: true });
console.log(
  "info",
  informed.length,
  engine.constructor.name,
  engine.bytesWritten,
  zlib.gunzipSync(informed, { info: true }).engine.bytesWritten,
);
// Waited for: on Node's thread pool it would race with the streams below.
await new Promise((done) =>
  zlib.inflate(zlib.deflateSync("x"), { info: true }, (error, result) => {
    console.log("info", error, String(result.buffer), result.engine.bytesWritten);
    done();
  }),
);

const storage = new AsyncLocalStorage();
const contextual = storage.run("made", () => zlib.createGzip());
contextual.on("data", () => console.log("data in", storage.getStore()));
storage.run("written", () => contextual.write("x", () => console.log("write in", storage.getStore())));
storage.run("ended", () => contextual.end(() => console.log("end in", storage.getStore())));
await once(contextual, "close");

for (const format of ["gzip", "deflate", "deflate-raw"]) {
  const packed = await new Response(
    new Blob([lines]).stream().pipeThrough(new CompressionStream(format)),
  ).arrayBuffer();
  const back = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream(format))).text();
  console.log("web", format, packed.byteLength, hash(Buffer.from(packed)), back === String(lines));
}
const bad = new Blob(["nothing of the kind"]).stream().pipeThrough(new DecompressionStream("gzip"));
await bad
  .getReader()
  .read()
  .catch((error) => console.log("web", error.name, error.message, error.code));

const slow = new Writable({
  highWaterMark: 10,
  write(chunk, _encoding, done) {
    setImmediate(done, null, chunk);
  },
});
await pipeline(Readable.from([zlib.gzipSync(Buffer.alloc(200_000))]), zlib.createGunzip({ chunkSize: 1000 }), slow);
console.log("slow", slow.writableFinished);
zlib
  .createGunzip()
  .on("error", (error) => console.log("destroyed", error.message))
  .destroy(new Error("stop"));
