// MB/s of reading a file of 10 MiB ten times as a whole, in the folder BENCH_DIR.
const fs = require("node:fs");
const file = `${process.env.BENCH_DIR}/large`;
if (!fs.existsSync(file)) fs.writeFileSync(file, Buffer.alloc(10 * 1024 * 1024, 7));
let bytes = fs.readFileSync(file).length;
const started = performance.now();
bytes = 0;
for (let i = 0; i < 10; i++) bytes += fs.readFileSync(file).length;
module.exports = bytes / 1000 / (performance.now() - started);
