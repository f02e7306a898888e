// What is wrong with input and options, sync, with a callback and as an event; the last error is not caught, where
// the sandbox can tell the place an error was thrown again.
const zlib = require("node:zlib");

const c = zlib.constants;
const told = (error) => [error.name, error.message, error.code, error.errno, Object.keys(error)];
const attempt = (name, run) => {
  try {
    console.log(name, run());
  } catch (error) {
    console.log(name, ...told(error));
  }
};

const text = Buffer.from("some text that is worth packing, some text that is worth packing");
const packs = {
  inflate: zlib.deflateSync(text),
  gunzip: zlib.gzipSync(text),
  unzip: zlib.gzipSync(text),
  inflateRaw: zlib.deflateRawSync(text),
  brotliDecompress: zlib.brotliCompressSync(text),
  zstdDecompress: zlib.zstdCompressSync(text),
};
const wait = [];
for (const [name, packed] of Object.entries(packs)) {
  const sync = zlib[`${name}Sync`];
  const broken = Buffer.from(packed);
  broken[broken.length >> 1] ^= 0xff;
  broken[broken.length - 3] ^= 0xff;
  const cases = {
    truncated: packed.subarray(0, packed.length - 5),
    broken,
    garbage: Buffer.from("this was never packed by anyone at all"),
    empty: Buffer.alloc(0),
    trailing: Buffer.concat([packed, Buffer.from("junk")]),
    zeros: Buffer.concat([packed, Buffer.alloc(10)]),
    twice: Buffer.concat([packed, packed]),
  };
  for (const [fact, input] of Object.entries(cases)) {
    attempt(`${name} ${fact}`, () => sync(input).toString("latin1"));
    attempt(`${name} ${fact} partial`, () =>
      sync(input, { finishFlush: name.startsWith("b") ? c.BROTLI_OPERATION_FLUSH : 2 }).toString("latin1"),
    );
    attempt(`${name} ${fact} strict`, () => sync(input, { rejectGarbageAfterEnd: true }).toString("latin1"));
    attempt(`${name} ${fact} short`, () => sync(input, { maxOutputLength: 10 }).toString("latin1"));
    wait.push(
      new Promise((resolve) => {
        zlib[name](input, (error, result) => resolve([name, fact, error ? told(error) : String(result)]));
      }),
    );
  }
}
attempt("dictionary needed", () => zlib.inflateSync(zlib.deflateSync(text, { dictionary: text })));
attempt("dictionary wrong", () =>
  zlib.inflateSync(zlib.deflateSync(text, { dictionary: text }), { dictionary: packs.gunzip }),
);
attempt("dictionary right", () =>
  zlib.inflateSync(zlib.deflateSync(text, { dictionary: text }), { dictionary: text }).toString(),
);
attempt("raw dictionary", () =>
  zlib.inflateRawSync(zlib.deflateRawSync(text, { dictionary: text }), { dictionary: text }).toString(),
);
attempt("gzip dictionary", () => zlib.gunzipSync(zlib.gzipSync(text, { dictionary: text })).toString());
for (const options of [
  { level: 10 },
  { windowBits: 7 },
  { memLevel: "5" },
  { strategy: 9 },
  { chunkSize: 1 },
  { flush: 77 },
  { dictionary: 5 },
]) {
  attempt(JSON.stringify(options), () => zlib.createGzip(options));
}
for (const params of [{ 99: 1 }, { 1: "x" }, { x: 1 }]) {
  attempt(`brotli ${JSON.stringify(params)}`, () => zlib.createBrotliCompress({ params }));
  attempt(`zstd ${JSON.stringify(params)}`, () => zlib.createZstdCompress({ params: { ...params, 999: 1 } }));
}
attempt("no bytes", () => zlib.deflateSync(5));
attempt("no callback", () => zlib.deflate(text));
attempt("crc", () => [
  zlib.crc32("hällo"),
  zlib.crc32(text, 4294967295),
  zlib.crc32(""),
  zlib.crc32(new Uint16Array([1, 2])),
  zlib.crc32(text.subarray(3)),
]);
attempt("crc number", () => zlib.crc32(5));
attempt("crc value", () => zlib.crc32("a", -1));
attempt("closed", () => {
  const stream = zlib.createGzip();
  stream.close();
  stream.reset();
});

Promise.all(wait).then((results) => {
  for (const result of results) console.log(result);
  const stream = zlib.createGunzip();
  stream.on("close", () => console.log("closed", stream.destroyed, stream.bytesWritten));
  stream.on("error", (error) => {
    console.log(error);
    if (!process.env.WITHOUT_THROW_PLACES) zlib.inflateSync(Buffer.from("uncaught"));
  });
  stream.write("not gzip");
});
