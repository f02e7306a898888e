import { type BootConfig, entries, Operation } from "@vivarium/bridge/contract";
import type { Library } from "@vivarium/bridge/library";
import { tierConfig } from "../tiers/index.ts";

/** What a first program usually touches. What it does is thrown away; that it was compiled stays in the snapshot. */
const PROGRAM = `
const fs = require("node:fs");
const path = require("path");
const util = require("util");
const { EventEmitter } = require("events");
const { Readable } = require("stream");
console.log("%s %d", "text", 1, { a: [1, { b: new Map([[1, new Set(["x"])]]) }], d: new Date(0), f() {}, g: Symbol("s"), h: 1n });
console.error([1.5, -0, null, undefined, true, "it's"], new (class A { x = 1 })(), new Uint8Array(3), Buffer.from("abc"));
console.log(new Error("message"), /x/g, Promise.resolve(1), [,1]);
try { fs.readFileSync("/none", "utf8"); } catch (error) { String(error.stack); }
try { require("./none"); } catch (error) { String(error.code); }
fs.readFileSync("/data", "utf8"); fs.readFileSync("/data"); fs.writeFileSync("/data", "text"); fs.existsSync("/data");
try { fs.statSync("/data").isFile(); } catch {}
fs.readFile("/data", () => {});
fs.promises.readFile("/data").catch(() => {});
path.join("a", "..", "b"); path.resolve("x"); util.format("%o", {}); util.promisify(setTimeout)(1);
Buffer.from("abc").toString("base64"); Buffer.concat([Buffer.alloc(2), Buffer.from([1])]).toString("hex");
new TextDecoder().decode(new TextEncoder().encode("text")); structuredClone({ a: [1] });
new EventEmitter().once("a", () => {}).on("a", () => {}).emit("a", 1);
Readable.from(["a", "b"]).on("data", () => {}).on("end", () => {});
new AbortController().abort(); new URL("file:///app/x").pathname; performance.now(); process.memoryUsage; process.argv; process.env.X;
process.nextTick(() => {}); queueMicrotask(() => {}); setImmediate(() => {});
const interval = setInterval(() => clearInterval(interval), 1); setTimeout(() => {}, 2);
import("./other.mjs").catch(() => {});
(async () => { await null; for await (const _ of Readable.from([1])); })();
module.exports = { answer: 42, list: [1, "a", new Date(0), new Map()] };
`;

const MAIN = "/app/main.cjs";
const OTHER = "/app/other.mjs";

/** Syscalls, answered well enough for the program: the body of a function's argument list and result, by full name. */
const ANSWERS = `{
  "clock.now": () => ++time,
  "engine.compileBuiltin": (id) => (0, eval)(sources[id] ?? fail("ENOENT")),
  "engine.compileFunction": (source, file, params, line, column, imports) =>
    (0, eval)(imports ? "($imprt) => (function (" + params + ") {" + source.replaceAll("import(", "$imprt(") + "\\n})" : "(function (" + params + ") {" + source + "\\n})"),
  "engine.checkScript": () => undefined,
  "modules.stat": (path) => (path === ${JSON.stringify(MAIN)} || path === ${JSON.stringify(OTHER)} ? 0 : path === "/app" ? 1 : -2),
  "engine.compileModule": () => [++modules, 0],
  "engine.syntheticModule": () => ++modules,
  "engine.rootModule": () => ++modules,
  "engine.linkModule": () => undefined,
  "engine.instantiateModule": () => undefined,
  "engine.evaluateModule": () => undefined,
  "engine.moduleDone": () => undefined,
  "engine.moduleSetter": () => () => undefined,
  "engine.moduleNamespace": () => ({ default: 1 }),
  "modules.readFile": () => new Uint8Array([49]),
  "modules.realpath": (path) => path,
  "modules.readPackage": () => undefined,
  "fs.readFile": (path) => (path === "/none" ? [null, "EACCES", "ERR_SANDBOX_FS_DENIED"] : new Uint8Array([97, 98])),
  "fs.writeFile": () => undefined,
  "fs.access": () => undefined,
  "fs.stat": () => stat,
  "fs.lstat": () => stat,
  "fs.fstat": () => stat,
  "fs.open": () => 3,
  "fs.read": () => new Uint8Array(0),
  "fs.close": () => undefined,
  "stdio.write": () => undefined,
  "process.exit": (code) => {
    exitCode = code;
  },
  "result.exports": () => undefined,
  "result.error": () => undefined,
  "url.parse": (text) => [text.startsWith("./") ? "file:///app/" + text.slice(2) : text, 5, 7, 7, 7, 4294967295, 7, 4294967295, 4294967295, 6],
}`;

const config: BootConfig = {
  argv: ["/usr/local/bin/node", MAIN],
  execArgv: [],
  execPath: "/usr/local/bin/node",
  cwd: "/app",
  env: {},
  pid: 1,
  ppid: 0,
  title: "node",
  umask: 0o022,
  uid: 0,
  gid: 0,
  startTime: 0,
  options: {},
  stdio: { stdin: "FILE", stdout: "FILE", stderr: "FILE" },
  os: {
    hostname: "",
    sysname: "Linux",
    release: "",
    version: "",
    machine: "x86_64",
    homedir: "/",
    tmpdir: "/tmp",
    username: "",
    shell: "",
    cpus: 1,
    cpuModel: "",
    totalMemory: 1,
  },
  tiers: tierConfig("baseline"),
  bindings: [],
  payloadBytes: 1024 * 1024,
  wasmPages: 16,
};

const text = (value: unknown): string =>
  JSON.stringify(value).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/**
 * A script that runs a guest in the snapshot with a host of its own making. V8 keeps what was compiled meanwhile and
 * drops everything else: a run then finds the functions it starts with compiled, which was most of its time. The script's
 * value is the program's exit code, 0 when it got to its end.
 */
export function warmUpScript(library: Library): string {
  const sources = Object.fromEntries(library.ids.map((id) => [id, library.source(id)?.code]));
  const start = { kind: "source", code: PROGRAM, filePath: MAIN, wantsExports: true };
  const { attach, turn, start: begin, beforeExit, exit } = Operation;
  return `(() => {
  const enter = globalThis.__vivarium;
  const sources = ${text(sources)};
  const names = ${text(entries.map(({ name }) => name))};
  const packed = ${text(entries.map(({ declaration }) => "packed" in declaration.result))};
  const stat = [1, 33188, 1, 0, 0, 0, 4096, 1, 2, 8, 0, 0, 0, 0, 0, 0, 0, 0];
  let time = 0;
  let modules = 0;
  let exitCode;
  const fail = (code) => { throw new Error(code); };
  const answers = ${ANSWERS};
  const host = (number, ...args) => {
    const answer = answers[names[number]];
    if (!answer) return [null, "ENOSYS", undefined, undefined];
    return packed[number] ? JSON.stringify(answer(...args)) : answer(...args);
  };
  try {
    enter(${attach}, host, ${text(JSON.stringify(config))}, undefined);
    enter(${begin}, ${text(JSON.stringify(start))});
    for (let i = 0; i < 200; i++) if (enter(${turn}) === -2) break;
    enter(${beforeExit});
    enter(${exit});
  } catch {}
  return exitCode;
})()`;
}
