const fs = require("node:fs");
const path = require("node:path");
const { WASI } = require("node:wasi");
const { box, start } = require("./bench.cjs");

const show = (what, ...values) => console.log(`${what}:`, ...values);
const attempt = (what, run) => {
  try {
    show(what, run());
  } catch (error) {
    show(what, error.name, error.code, error.message, error.errno, error.syscall, Object.keys(error));
  }
};
const root = box();
const inside = path.join(root, "in");

const made = (options) => typeof new WASI({ version: "preview1", ...options });
attempt("no such directory", () => made({ preopens: { "/x": path.join(root, "none") } }));
attempt("a file", () => made({ preopens: { "/x": path.join(root, "outside.txt") } }));
attempt("no such descriptor", () => made({ stdin: 5000 }));
attempt("cut at NUL", () => made({ preopens: { "/x": `${inside}\0y` } }));

const { call, bytes } = start({
  args: ["program", "\u00e9\u20ac", "", "cut\0off"],
  env: { A: "1", EMPTY: "", NONE: undefined, "N\u00d6": "\ud83d\ude00" },
  preopens: { "/in": inside },
});
const strings = (name) => {
  const [sizes, get] = [`${name}_sizes_get`, `${name}_get`];
  const answers = [call(sizes, 0, 4), bytes.readUInt32LE(0), bytes.readUInt32LE(4), call(get, 8, 256)];
  const found = [];
  for (let i = 0; i < answers[1]; i++) {
    const at = bytes.readUInt32LE(8 + i * 4);
    found.push(bytes.toString("utf8", at, bytes.indexOf(0, at)));
  }
  return [...answers, found];
};
show("args", strings("args"));
show("env", strings("environ"));
show("no room", call("args_get", 0, bytes.length - 3), call("args_get", bytes.length - 4, 0), call("args_sizes_get", bytes.length, 0), call("environ_sizes_get", 0, bytes.length - 3));

const time = (clock) => [call("clock_time_get", clock, 0n, 0), bytes.readBigUInt64LE(0)];
const near = (value, other) => Math.abs(Number(value) / 1e6 - other) < 60_000;
show("clocks", [0, 1, 2, 3, 4, 2 ** 32 - 1].map((clock) => time(clock)[0]), [0, 1, 2].map((clock) => call("clock_res_get", clock, 0)), call("clock_res_get", 4, 0), bytes.readBigUInt64LE(0) > 0n);
show("times", near(time(0)[1], Date.now()), time(1)[1] <= time(1)[1], time(2)[1] > 0n);
bytes.fill(0, 0, 64);
show("random", call("random_get", 0, 32), bytes.subarray(0, 32).some((byte) => byte !== 0), bytes.subarray(32, 64).every((byte) => byte === 0));
show("yield", call("sched_yield"), call("proc_raise", 0), call("proc_raise", 29), call("proc_raise", 200));
show("sockets", call("sock_accept", 10, 0, 0), call("sock_accept", 3, 1, 0), call("sock_accept", 3, 0, 0), call("sock_recv", 3, 512, 0, 0, 0, 4), call("sock_recv", 3, 512, 0, 1, 0, 4), call("sock_recv", 3, 512, 1, 1, 0, 4), call("sock_recv", 3, 512, 1, 0, 0, 4), call("sock_send", 3, 512, 1, 0, 0), call("sock_send", 3, 512, 0, 1, 0), call("sock_send", 3, 512, 0, 0, 0), call("sock_shutdown", 3, 1), call("sock_shutdown", 3, 2), call("sock_shutdown", 9, 2));

// Subscriptions: userdata, type, then a clock or a descriptor.
const subscribe = (subscriptions) => {
  bytes.fill(0, 0, 2048);
  subscriptions.forEach(([userdata, type, ...rest], index) => {
    const at = index * 48;
    bytes.writeBigUInt64LE(userdata, at);
    bytes[at + 8] = type;
    bytes.writeUInt32LE(rest[0], at + 16);
    if (type === 0) bytes.writeBigUInt64LE(rest[1], at + 24);
    if (type === 0) bytes.writeUInt16LE(rest[2] ?? 0, at + 40);
  });
  const answer = call("poll_oneoff", 0, 1024, subscriptions.length, 900);
  const events = [];
  for (let i = 0; i < bytes.readUInt32LE(900); i++) {
    const at = 1024 + i * 32;
    events.push([bytes.readBigUInt64LE(at), bytes.readUInt16LE(at + 8), bytes[at + 10], bytes.readUInt16LE(at + 24)]);
  }
  return [answer, ...events];
};
const MS = 1_000_000n;
const before = Date.now();
show("sleep", subscribe([[7n, 0, 1, 30n * MS]]), Date.now() - before >= 29);
show("first of two", subscribe([[1n, 0, 1, 60_000n * MS], [2n, 0, 0, 5n * MS]]));
show("a moment", subscribe([[1n, 0, 0, BigInt(Date.now() + 20) * MS, 1]]));
show("output", subscribe([[1n, 2, 1], [2n, 2, 2]]), subscribe([[1n, 2, 1], [2n, 2, 1]]));
show("output and clock", subscribe([[1n, 2, 1], [2n, 0, 1, 60_000n * MS]]));
show("input's end", subscribe([[3n, 1, 0]]));
show("bad descriptor", subscribe([[3n, 1, 99]]), subscribe([[3n, 2, 1], [4n, 1, 99]]), subscribe([[3n, 1, 99], [5n, 0, 1, 60_000n * MS]]));
show("files", subscribe([[1n, 1, 3]]), subscribe([[1n, 3, 0]]), subscribe([]));
show("no room", call("poll_oneoff", bytes.length - 47, 0, 1, 900), call("poll_oneoff", 0, bytes.length - 31, 1, 900), call("poll_oneoff", 0, 0, 1, bytes.length - 3), call("poll_oneoff", 0, 0, 100_000_000, 900));

// Descriptors the host program gives over.
fs.writeFileSync(path.join(root, "input"), "0123456789");
const descriptors = [fs.openSync(path.join(root, "input")), fs.openSync(path.join(root, "output"), "w"), fs.openSync(path.join(root, "errors"), "a")];
const given = start({ stdin: descriptors[0], stdout: descriptors[1], stderr: descriptors[2] });
show("input", given.read(0, 4), fs.readSync(descriptors[0], Buffer.alloc(2)), given.read(0, 100), given.read(0, 1), given.call("fd_fdstat_get", 0, 320), given.bytes[320]);
show("output", given.write(1, "some text"), given.call("fd_seek", 1, 0n, 1, 300), given.bytes.readBigUInt64LE(300), given.call("fd_seek", 1, 5n, 0, 300), given.write(1, "word"), fs.readFileSync(path.join(root, "output"), "latin1"));
show("errors", given.write(2, "a"), given.write(2, "b"), fs.readFileSync(path.join(root, "errors"), "latin1"));
show("closed", given.call("fd_close", 1), given.write(1, "x"), given.call("fd_close", 1));
attempt("by its own program too", () => fs.writeSync(descriptors[1], "x"));
fs.rmSync(root, { recursive: true });
