// A program that replaces what the system would stand on, were it not Node's own.
const { box, start } = require("./bench.cjs");
const fs = require("node:fs");
const path = require("node:path");

const root = box();
const lines = [];
const say = (...values) => lines.push(values.map(String).join(" "));
const w = start({ args: ["a", "b"], preopens: { "/in": path.join(root, "in") } });
const replaced = [];
const spoil = (object, name) => {
  const descriptor = Object.getOwnPropertyDescriptor(object, name);
  replaced[replaced.length] = [object, name, descriptor];
  const stand = () => {
    throw new Error(`${String(name)} was used`);
  };
  Object.defineProperty(object, name, { configurable: true, ...(descriptor.get ? { get: stand } : { value: stand }) });
};
const { text, buffers, bytes, wasi, memory } = w;
const calls = [
  ["args_sizes_get", 0, 4],
  ["args_get", 8, 64],
  ["path_open", 3, 1, ...text("sub/../hello.txt"), 0, 6n, 0n, 0, 256],
  ["fd_read", 4, ...buffers([[8192, 5], [8200, 50]]), 264],
  ["fd_seek", 4, 0n, 0, 300],
  ["fd_readdir", 3, 10_000, 500, 0n, 264],
  ["path_filestat_get", 3, 1, 1024, 3, 400],
  ["random_get", 0, 16],
  ["clock_time_get", 0, 0n, 0],
  ["fd_prestat_dir_name", 3, 0, 3],
].map(([name, ...args]) => [name, wasi.wasiImport[name], args]);
const targets = [
  [Array.prototype, ["push", "includes", "join", "map"]],
  [String.prototype, ["slice", "split", "startsWith", "endsWith", "indexOf", "lastIndexOf"]],
  [Object.getPrototypeOf(Uint8Array.prototype), ["set", "subarray", "slice", "buffer", "byteLength"]],
  [DataView.prototype, ["getUint32", "setUint32", "getBigUint64", "setBigUint64"]],
  [BigInt, ["asUintN", "asIntN"]],
  [Date, ["now"]],
  [Reflect, ["apply"]],
  [WebAssembly.Memory.prototype, ["buffer"]],
  [Array.prototype, [Symbol.iterator]],
];
for (let i = 0; i < targets.length; i++) {
  for (let j = 0; j < targets[i][1].length; j++) spoil(targets[i][0], targets[i][1][j]);
}
const answers = [];
for (let i = 0; i < calls.length; i++) answers[i] = `${calls[i][0]} ${calls[i][1].apply(undefined, calls[i][2])}`;
for (let i = replaced.length - 1; i >= 0; i--) Object.defineProperty(replaced[i][0], replaced[i][1], replaced[i][2]);
say(answers.join("\n"));
say(bytes.toString("latin1", 8192, 8197), bytes.toString("latin1", 8200, 8207), memory.buffer.byteLength);
console.log(lines.join("\n"));
fs.rmSync(root, { recursive: true });
