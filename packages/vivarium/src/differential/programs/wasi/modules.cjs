const fs = require("node:fs");
const path = require("node:path");
const { WASI } = require("node:wasi");
const { assemble } = require("./assemble.cjs");
const { box } = require("./bench.cjs");

const I32 = ["i32"];
const IMPORTS = {
  fd_read: [["i32", "i32", "i32", "i32"], I32],
  fd_write: [["i32", "i32", "i32", "i32"], I32],
  fd_seek: [["i32", "i64", "i32", "i32"], I32],
  path_open: [["i32", "i32", "i32", "i32", "i32", "i64", "i64", "i32", "i32"], I32],
  proc_exit: [["i32"], []],
};
const constants = (...values) => values.map((value) => ["i32.const", value]);
/** Stores a number at a place of the memory. */
const store = (at, value) => [...constants(at, value), ["i32.store"]];
/** Prints so many bytes from a place. */
const print = (at, size) => [
  ...store(0, at),
  ...store(4, size),
  ...constants(1, 0, 1, 8),
  ["call", "fd_write"],
  ["drop"],
];
/** Opens the file whose name of nine bytes is at 64; its descriptor is at 16 then. */
const OPEN = [
  ...constants(3, 0, 64, 9, 0),
  ["i64.const", 6],
  ["i64.const", 0],
  ...constants(0, 16),
  ["call", "path_open"],
  ["drop"],
];
const OPENED = [["i32.const", 16], ["i32.load"]];
/** Leaves with what is on the stack. */
const EXIT = ["call", "proc_exit"];

const root = box();
const PROGRAMS = {
  hello: { data: { 64: "hello from wasm\n" }, code: print(64, 16) },
  // Opens a file, reads it into memory, writes that to standard output.
  cat: {
    data: { 64: "hello.txt" },
    code: [
      ...OPEN,
      ...store(0, 256),
      ...store(4, 100),
      ...OPENED,
      ...constants(0, 1, 4),
      ["call", "fd_read"],
      ["drop"],
      ...constants(1, 0, 1, 8),
      ["call", "fd_write"],
      ["drop"],
    ],
  },
  exits: { code: [...constants(7), EXIT, ["unreachable"]] },
  // A number that is none of a descriptor comes as a negative one from WebAssembly.
  negative: { code: [...constants(-1, 0, 1, 8), ["call", "fd_write"], EXIT] },
  "far pointer": { code: [...constants(1, -8, 1, 8), ["call", "fd_write"], EXIT] },
  "pointer past the end": { code: [...constants(1, 65532, 1, 8), ["call", "fd_write"], EXIT] },
  "long buffer": { code: [...store(0, 0), ...store(4, -1), ...constants(1, 0, 1, 8), ["call", "fd_write"], EXIT] },
  "seek back": {
    data: { 64: "hello.txt" },
    code: [
      ...OPEN,
      ...OPENED,
      ["i64.const", -1],
      ...constants(0, 24),
      ["call", "fd_seek"],
      EXIT,
    ],
  },
  traps: { code: [["unreachable"]] },
};

(async () => {
  for (const [name, program] of Object.entries(PROGRAMS)) {
    const wasi = new WASI({ version: "preview1", preopens: { "/": path.join(root, "in") } });
    const { instance } = await WebAssembly.instantiate(assemble({ imports: IMPORTS, ...program }), wasi.getImportObject());
    try {
      console.log(`${name}:`, wasi.start(instance));
    } catch (error) {
      console.log(`${name}:`, error.name, error.message);
    }
  }
  // The old name of the same functions.
  const unstable = new WASI({ version: "unstable" });
  console.log(Object.keys(unstable.getImportObject()), Object.keys(unstable.wasiImport).length);
  fs.rmSync(root, { recursive: true });

  // Ends the whole program, without its 'exit' event.
  process.on("exit", () => console.log("not printed"));
  const last = new WASI({ version: "preview1", returnOnExit: false });
  const { instance } = await WebAssembly.instantiate(assemble({ imports: IMPORTS, ...PROGRAMS.exits }), last.getImportObject());
  last.start(instance);
  console.log("not reached");
})();
