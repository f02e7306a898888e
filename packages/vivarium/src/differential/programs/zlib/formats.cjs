// Every format, level and parameter in one call, sync and with a callback; results as hashes.
const { createHash } = require("node:crypto");
const zlib = require("node:zlib");

const c = zlib.constants;
const show = (name, value) => console.log(name, value.length, createHash("sha256").update(value).digest("hex"));

/** Half predictable, half not, the same on every run. */
function sample(size) {
  const bytes = Buffer.alloc(size);
  let state = 12345;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    bytes[i] = i % 1000 < 500 ? 97 + (i % 26) : state >> 16;
  }
  return bytes;
}

const inputs = {
  empty: Buffer.alloc(0),
  short: Buffer.from("hello"),
  medium: sample(70_000),
  large: sample(3_000_000),
};
const formats = {
  deflate: "inflate",
  gzip: "gunzip",
  deflateRaw: "inflateRaw",
  brotliCompress: "brotliDecompress",
  zstdCompress: "zstdDecompress",
};

for (const [name, input] of Object.entries(inputs)) {
  for (const [pack, unpack] of Object.entries(formats)) {
    const packed = zlib[`${pack}Sync`](
      input,
      pack === "brotliCompress" ? { params: { [c.BROTLI_PARAM_QUALITY]: 5 } } : {},
    );
    show(`${pack} ${name}`, packed);
    show(`${unpack} ${name}`, zlib[`${unpack}Sync`](packed));
    if (pack === "gzip" || pack === "deflate") show(`unzip ${name}`, zlib.unzipSync(packed));
  }
}

const { medium } = inputs;
for (let level = -1; level <= 9; level++) show(`level ${level}`, zlib.deflateSync(medium, { level }));
for (let strategy = 0; strategy <= 4; strategy++) show(`strategy ${strategy}`, zlib.deflateSync(medium, { strategy }));
for (let windowBits = 8; windowBits <= 15; windowBits++) {
  for (const memLevel of [1, 9]) {
    const packed = zlib.deflateRawSync(medium, { windowBits, memLevel });
    show(`window ${windowBits} ${memLevel}`, packed);
    show("back", zlib.inflateRawSync(packed, { windowBits: Math.max(windowBits, 9) }));
  }
}
for (const chunkSize of [64, 1000, 16 * 1024, 3 * 1024 * 1024]) {
  const packed = zlib.gzipSync(medium, { chunkSize });
  show(`chunk ${chunkSize}`, packed);
  show("back", zlib.gunzipSync(packed, { chunkSize }));
}
for (let quality = 0; quality <= 11; quality++) {
  const params = { [c.BROTLI_PARAM_QUALITY]: quality, [c.BROTLI_PARAM_LGWIN]: 10 + quality };
  show(`brotli ${quality}`, zlib.brotliCompressSync(medium, { params }));
}
for (const mode of [c.BROTLI_MODE_GENERIC, c.BROTLI_MODE_TEXT, c.BROTLI_MODE_FONT]) {
  const params = { [c.BROTLI_PARAM_MODE]: mode, [c.BROTLI_PARAM_SIZE_HINT]: medium.length };
  show(`brotli mode ${mode}`, zlib.brotliCompressSync(medium, { params }));
}
for (const level of [-5, 1, 3, 9, 19]) {
  const params = { [c.ZSTD_c_compressionLevel]: level, [c.ZSTD_c_checksumFlag]: true };
  const packed = zlib.zstdCompressSync(medium, { params, pledgedSrcSize: medium.length });
  show(`zstd ${level}`, packed);
  show("back", zlib.zstdDecompressSync(packed));
}
const dictionary = Buffer.from("abcdefghijklmnopqrstuvwxyz".repeat(4));
show("zstd dictionary", zlib.zstdDecompressSync(zlib.zstdCompressSync(medium, { dictionary }), { dictionary }));
// More than one piece of what crosses at a time.
const huge = Buffer.concat(Array.from({ length: 4 }, () => inputs.large));
show("gzip huge", zlib.gzipSync(huge, { level: 1 }));
show("stored huge", zlib.deflateSync(huge, { level: 0 }));
show("zstd huge", zlib.zstdCompressSync(huge));
for (const input of [new Uint16Array([1, 2, 3]), new DataView(new ArrayBuffer(5)), new ArrayBuffer(7), "text"]) {
  show("input", zlib.deflateSync(input));
}

const pending = [];
for (const name of Object.keys(formats)) {
  const unpack = formats[name];
  pending.push(
    new Promise((resolve) => {
      zlib[name](medium, (packError, packed) => {
        zlib[unpack](packed, { chunkSize: 777 }, (unpackError, unpacked) => {
          resolve([name, packError, unpackError, unpacked.equals(medium)]);
        });
      });
    }),
  );
}
Promise.all(pending).then((results) => console.log(results));
