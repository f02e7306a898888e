// Microseconds for one synchronous file operation: write, read and stat of 1 KiB, in the folder BENCH_DIR.
const fs = require("node:fs");
const dir = process.env.BENCH_DIR;
const data = Buffer.alloc(1024, 7);
const file = `${dir}/small`;
const round = (count) => {
  for (let i = 0; i < count; i++) {
    fs.writeFileSync(file, data);
    fs.readFileSync(file);
    fs.statSync(file);
  }
};
round(500);
const started = performance.now();
round(3000);
module.exports = ((performance.now() - started) * 1000) / 9000;
