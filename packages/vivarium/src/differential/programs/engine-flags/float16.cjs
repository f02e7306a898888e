const v8 = require("node:v8");
const { spawnSync } = require("node:child_process");
const { Worker } = require("node:worker_threads");

const show = (what, value) => console.log(`${what}:`, value);

const { Float16Array: Half } = globalThis;
const half = new Half([1, 2.5, 1 / 3]);
show("bytes", Buffer.from(half.buffer).toString("hex"));
show("round", Math.f16round(1.337));
show("view", new DataView(half.buffer).getFloat16(2, true));

const serializer = new v8.Serializer();
serializer.writeHeader();
serializer.writeValue({ half, twice: half });
const bytes = serializer.releaseBuffer();
show("serialized", bytes.toString("hex"));
const deserializer = new v8.Deserializer(bytes);
deserializer.readHeader();
const read = deserializer.readValue();
show("read", [read.half instanceof Half, read.half === read.twice, Array.from(read.half)]);
show("default", v8.serialize(half).toString("hex"));
show("clone", structuredClone(half) instanceof Half);
show("execArgv", process.execArgv);

// A child has the flags of its own command line, and none of its program's.
const ask = "console.log(typeof Float16Array, typeof gc, process.execArgv.length)";
const child = (...args) => show("child", spawnSync(process.execPath, args, { encoding: "utf8" }).stdout);
child("-e", ask);
child("--js_float16array", "-e", ask);
child("--expose-gc", "--js-float16array", "-e", ask);
child("--no-warnings", "-e", ask, "--", "--js-float16array");
child("-e", ask);

// A thread has those of its process.
new Worker("console.log('thread:', typeof Float16Array)", { eval: true });
