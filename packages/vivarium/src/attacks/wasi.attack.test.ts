import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { allowAll, closePool, createNodeDriver, NodeRuntime, type Permissions } from "../index.ts";

afterAll(closePool);

const bench = readFileSync(new URL("../differential/programs/wasi/bench.cjs", import.meta.url), "utf8");

/** Runs a program beside `bench.cjs`; -> what it printed, and how it ended. */
async function run(code: string, permissions: Permissions = allowAll): Promise<string> {
  const driver = createNodeDriver({ permissions, moduleAccess: false, fs: { files: { "app/bench.cjs": bench } } });
  const runtime = new NodeRuntime({ driver, compat: "full" });
  let text = "";
  const { code: exitCode, outcome } = await runtime.execProgram(
    { kind: "source", code, filePath: "/app/main.cjs", flags: ["--no-warnings"] },
    {
      onStdio: ({ data }) => {
        text += Buffer.from(data).toString();
      },
    },
  );
  await runtime.dispose();
  return `${text}${outcome} ${exitCode}`;
}

/** Calls every function with pointers, lengths and numbers that were chosen to hurt. */
const HOSTILE = `
const { box, start } = require("./bench.cjs");
const path = require("path");
const root = box();
let state = SEED;
const next = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return (state >>> 8) % below;
};
const pick = (list) => list[next(list.length)];
const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: SHARED });
const { WASI } = require("wasi");
const wasi = new WASI({ version: "preview1", args: ["x"], env: { A: "b" }, preopens: { "/in": path.join(root, "in"), ".": root } });
wasi.initialize({ exports: { memory } });
const SIZE = memory.buffer.byteLength;
const I32 = [0, 1, 3, 4, 5, 8, 64, 255, SIZE - 1, SIZE, SIZE - 8, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 29, 2 ** 32 / 48, -1, -(2 ** 31)];
const I64 = [0n, 1n, 6n, 64n, 2n ** 32n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n, -1n];
const ODD = [undefined, null, NaN, 1.5, "1", {}, [], Symbol("s"), 1n, 1, () => {}];
const STOPS = ["proc_exit", "proc_raise"];
const names = Object.keys(wasi.wasiImport).filter((name) => !STOPS.includes(name));
const answers = new Set();
const errors = new Set();
const wide = new Set(["fd_seek", "fd_pread", "fd_pwrite", "fd_readdir", "fd_advise", "fd_allocate", "fd_filestat_set_size", "fd_filestat_set_times", "fd_fdstat_set_rights", "clock_time_get", "path_open", "path_filestat_set_times"]);
for (let round = 0; round < 6000; round++) {
  const name = pick(names);
  const call = wasi.wasiImport[name];
  const args = [];
  for (let i = 0; i < call.length; i++) args.push(next(40) === 0 ? pick(ODD) : pick(I32));
  // Where a function takes an i64, some call has to have one there to get anywhere.
  if (wide.has(name)) for (let i = 1; i < args.length; i++) if (next(2) === 0) args[i] = pick(I64);
  // The standard streams stay, and so does the directory.
  if ((name === "fd_close" || name === "fd_renumber") && !args.every((each) => typeof each === "number" && each >>> 0 > 5)) continue;
  const bytes = new Uint8Array(memory.buffer);
  if (next(50) === 0) for (let i = 0; i < 512; i++) bytes[next(SIZE)] = next(256);
  // A wait as long as a program likes is its right.
  if (name === "poll_oneoff") bytes.fill(0);
  if (next(10) === 0) Buffer.from(memory.buffer).write(pick(["../outside.txt", "hello.txt", "sub/deep.txt", "../../../etc/passwd", "sub/../../../x"]), next(200));
  try {
    const answer = call(...args);
    answers.add(typeof answer);
    errors.add(answer);
  } catch (error) {
    answers.add(error.name + " " + error.code + " " + error.message);
  }
}
console.error([...answers].sort().join("; "), errors.size > 8 ? "of many kinds" : [...errors]);
`;

describe("a WebAssembly program with hostile arguments", () => {
  for (const [seed, shared] of [
    [1, false],
    [2, false],
    [3, true],
  ] as const) {
    it(`gets an errno for every pointer, length and number, seed ${seed}`, async () => {
      const code = HOSTILE.replace("SEED", String(seed)).replace("SHARED", String(shared));
      expect((await run(code)).split("\n").slice(-2).join(" ")).toMatch(/^number of many kinds exit 0$/);
    });
  }
});

describe("a preopened directory", () => {
  const SETUP = `
    const { box, start } = require("./bench.cjs");
    const fs = require("fs");
    const path = require("path");
    const root = box();
    const inside = path.join(root, "in");
    const { bytes, call, open, read, text, write } = start({ preopens: { "/in": inside } });
    const link = (target, name) => call("path_symlink", ...text(target), 3, ...text(name, 2048));
    const stat = (name, follow = 0) => call("path_filestat_get", 3, follow, ...text(name), 400);
    const print = (...values) => console.log(values.join(" "));
  `;

  it("is not left by dots, by absolute paths, or by names that begin alike", async () => {
    const code = `${SETUP}
      fs.mkdirSync(path.join(root, "in2"));
      fs.writeFileSync(path.join(root, "in2", "x"), "neighbour");
      for (const name of ["..", "../outside.txt", "sub/../../outside.txt", "./sub/./../../outside.txt", "//etc/passwd", "/in/../outside.txt", "../in2/x", "../in/../outside.txt"])
        print(open(name), open(name, { how: 1 }), stat(name));
      print(fs.readdirSync(root), fs.readdirSync(inside));`;
    const denied = "NOTCAPABLE NOTCAPABLE NOTCAPABLE\n";
    // What only begins like the directory is taken for something in it, which is not there.
    const alike = "NOENT NOENT NOENT\n";
    const files = "in,in2,outside.txt hello.txt,sub\n";
    expect(await run(code)).toBe(`${denied.repeat(6)}${alike}${denied}${files}exit 0`);
  });

  it("is not left by links the host program made, at the end of a path or on the way", async () => {
    const code = `${SETUP}
      fs.symlinkSync("../outside.txt", path.join(inside, "out"));
      fs.symlinkSync("..", path.join(inside, "up"));
      fs.symlinkSync("../new.txt", path.join(inside, "dangling"));
      for (const name of ["out", "up/outside.txt", "up/in/../outside.txt", "dangling"])
        print(open(name, { follow: 0 }), open(name), open(name, { how: 1, follow: 0 }), stat(name, 1));
      print(open("up", { how: 2, rights: 1n << 14n, follow: 0 }), call("path_create_directory", 3, ...text("up/made")));
      print(call("path_unlink_file", 3, ...text("up/outside.txt")), call("path_rename", 3, ...text("up/outside.txt"), 3, ...text("mine", 2048)), call("path_link", 3, 0, ...text("up/outside.txt"), 3, ...text("mine", 2048)));
      print(fs.readdirSync(root));`;
    const refused = "NOTCAPABLE NOTCAPABLE NOTCAPABLE NOTCAPABLE\n";
    expect(await run(code)).toBe(
      `${refused.repeat(4)}NOTCAPABLE NOTCAPABLE\nNOTCAPABLE NOTCAPABLE NOTCAPABLE\nin,outside.txt\nexit 0`,
    );
  });

  it("is not left by links the program makes whose text says one thing and does another", async () => {
    const code = `${SETUP}
      // By its text "here/../outside.txt" is a file of the directory; the system finds it beside the directory.
      print(link(".", "here"), link("here/../outside.txt", "trick"), link("here/..", "parent"));
      print(open("trick"), open("trick", { follow: 0 }), open("parent/outside.txt"), stat("parent/outside.txt"));
      const fd = open("sub", { how: 2, rights: 1n << 14n });
      call("path_rename", 3, ...text("sub"), 3, ...text("moved", 2048));
      call("path_rename", 3, ...text("parent"), 3, ...text("sub", 2048));
      print(typeof fd, call("fd_readdir", fd, 10000, 500, 0n, 264), open("deep.txt", { dir: fd }));`;
    expect(await run(code)).toBe(
      "ok ok ok\nNOENT NOTCAPABLE NOTCAPABLE NOTCAPABLE\nnumber NOTCAPABLE NOTCAPABLE\nexit 0",
    );
  });

  it("shows no more than permissions.fs allows", async () => {
    const code = `
      const { start } = require("./bench.cjs");
      const { WASI } = require("wasi");
      try { new WASI({ version: "preview1", preopens: { "/": "/secret" } }); } catch (error) { console.log(error.code); }
      const w = start({ preopens: { "/": "/app" } });
      const fd = w.open("bench.cjs", { rights: 2n });
      console.log(typeof fd, w.read(fd, 12));
      console.log(w.open("bench.cjs"), w.open("new.txt", { how: 1 }), w.open("../secret/x"), w.call("path_unlink_file", 3, ...w.text("bench.cjs")));`;
    const permissions = { fs: { read: ["/app/**"] } };
    expect(await run(code, permissions)).toBe("UVWASI_EACCES\nnumber // What the \nACCES ACCES ACCES ACCES\nexit 0");
  });
});

describe("wasi in the default profile", () => {
  it("is refused", async () => {
    const runtime = new NodeRuntime({ driver: createNodeDriver({ permissions: allowAll }) });
    const { value } = await runtime
      .run<string>("try { require('wasi'); } catch (error) { module.exports = error.code; }", {
        filePath: "/app/x.cjs",
      })
      .then(({ exports }) => ({ value: exports }));
    await runtime.dispose();
    expect(value).toBe("ERR_SANDBOX_WASI_UNSUPPORTED");
  });
});
