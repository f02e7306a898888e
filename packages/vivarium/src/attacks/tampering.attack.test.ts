import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes } from "../testing/attack.ts";

afterAll(closePool);

const limits = { cpuTimeMs: 3000, wallTimeMs: 10_000, memoryMiB: 64 };
const driver = { permissions: { fs: { read: ["/tmp/**"], write: ["/tmp/**"] } } };
const bindings = { t: { echo: async (value: unknown) => value } };

/** Uses what crosses to the host in every way, with each failure caught. */
const USE = `
const fs = require("fs"), { Readable } = require("stream"), crypto = require("crypto"), util = require("util");
const tries = [
  () => fs.writeFileSync("/tmp/a", "hello"), () => fs.readFileSync("/tmp/a", "utf8"), () => fs.readFileSync("/etc/passwd"),
  () => fs.readdirSync("/tmp"), () => fs.statSync("/tmp/a"), () => fs.promises.readFile("/tmp/a"), () => fs.createReadStream("/tmp/a").on("error", () => {}).resume(),
  () => setTimeout(() => {}, 1), () => setImmediate(() => {}), () => process.nextTick(() => {}), () => queueMicrotask(() => {}),
  () => Readable.from(["a", "b"]).on("error", () => {}).resume(), () => console.log("x", { a: [1, new Map([[1, 2]])] }), () => console.error(new Error("y")),
  () => crypto.createHash("sha256").update("x").digest("hex"), () => crypto.randomBytes(8), () => util.inspect(new Proxy({}, {})),
  () => new URL("http://a/b?c#d").href, () => structuredClone({ a: new Date() }), () => new TextDecoder().decode(new Uint8Array([65])),
  () => t.echo({ a: [1, "x", new Uint8Array(3), new Map([[1, 2]]), new Error("z")] }).then((v) => v, () => {}), () => require("vm").runInThisContext("1 + 1"),
  () => require("./none"), () => import("node:path").then(() => {}, () => {}), () => process.memoryUsage(), () => performance.now(),
  () => new Worker("x"), () => process.emitWarning("w"), () => process.kill(1, 0), () => fs.openSync("/tmp/a"), () => Buffer.from("x").toString("base64"),
];`;
const RUN = `
let leaked;
process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});
const run = () => { for (let i = 0; i < tries.length; i++) { try { const v = tries[i](); if (v && typeof v.then === "function") v.then(() => {}, () => {}); } catch {} } };`;

const TAMPERINGS = {
  "Array.prototype methods":
    "for (const k of ['push','map','shift','pop','slice','splice','indexOf','forEach','join','concat','unshift','filter','includes','at','entries','values']) Array.prototype[k] = function () { return spy(this, arguments); };",
  "setters on Array.prototype indices":
    "for (let i = 0; i < 8; i++) Object.defineProperty(Array.prototype, i, { set(v) { spy(this, [v]); }, get() { return spy; }, configurable: true });",
  "a proxy under Array.prototype":
    "Object.setPrototypeOf(Array.prototype, new Proxy({}, { get(t, k, r) { spy(r, []); return undefined; }, set(t, k, v) { spy(v, [v]); return true; }, has(t, k) { spy(t, [k]); return false; }, defineProperty(t, k, d) { spy(d, []); return true; } }));",
  "setters on Object.prototype":
    "for (const k of ['value', 'get', 'set', 'writable', 'enumerable', 'configurable', 'code', 'name', 'then', 'timeout', 'reference', 'copy', 'result', 'arguments', 'release', 'message', 'stack', 'cause', 'ok', 'length', 'detail', 'limit']) Object.defineProperty(Object.prototype, k, { set(v) { spy(this, [v]); }, get() { return undefined; }, configurable: true });",
  "values on Object.prototype":
    "Object.assign(Object.prototype, { reference: true, copy: true, externalCopy: true, result: { reference: true }, arguments: { reference: true }, promise: true, accessors: true, unsafeInherit: true, ignored: true, sync: true, async: true });",
  "Object's functions":
    "for (const k of ['defineProperty','defineProperties','create','keys','freeze','assign','getPrototypeOf','setPrototypeOf','getOwnPropertyDescriptor','hasOwn','entries','fromEntries']) Object[k] = function () { return spy(this, arguments); };",
  Reflect:
    "for (const k of Object.getOwnPropertyNames(Reflect)) Reflect[k] = function () { return spy(this, arguments); };",
  "Function.prototype":
    "for (const k of ['call', 'apply', 'bind', 'toString']) Function.prototype[k] = function () { return spy(this, arguments); }; Object.defineProperty(Function.prototype, Symbol.hasInstance, { value: () => true });",
  Promise:
    "for (const k of ['then', 'catch', 'finally']) Promise.prototype[k] = function () { return spy(this, arguments); }; for (const k of ['resolve', 'reject', 'all', 'allSettled', 'race']) Promise[k] = function () { return spy(this, arguments); };",
  "a thenable Object.prototype":
    "Object.defineProperty(Object.prototype, 'then', { get() { return (resolve) => { spy(this, [resolve]); resolve(1); }; }, set() {}, configurable: true });",
  iterators:
    "Array.prototype[Symbol.iterator] = function () { spy(this, arguments); return { next: () => ({ done: true }) }; }; const ip = Object.getPrototypeOf(Object.getPrototypeOf([].values ? [][Symbol.iterator]() : {})); Map.prototype[Symbol.iterator] = Set.prototype[Symbol.iterator] = String.prototype[Symbol.iterator] = () => { throw 1; };",
  "Array species and isArray":
    "Object.defineProperty(Array, Symbol.species, { value: function () { return spy(this, arguments); } }); Array.isArray = () => true; Array.from = () => spy;",
  "typed arrays":
    "const TA = Object.getPrototypeOf(Uint8Array); for (const k of ['set','slice','subarray','fill','indexOf']) TA.prototype[k] = function () { return spy(this, arguments); }; Object.defineProperty(TA.prototype, 'byteLength', { get: () => 2 ** 31 }); Object.defineProperty(TA.prototype, 'buffer', { get: () => new ArrayBuffer(1e6) }); Object.defineProperty(TA.prototype, 'length', { get: () => 1e9 });",
  ArrayBuffer:
    "ArrayBuffer.isView = () => true; Object.defineProperty(ArrayBuffer.prototype, 'byteLength', { get: () => 1 }); globalThis.ArrayBuffer = globalThis.Uint8Array = globalThis.DataView = function () { return spy(this, arguments); };",
  JSON: "JSON.parse = JSON.stringify = function () { return spy(this, arguments); };",
  "String.prototype":
    "for (const k of Object.getOwnPropertyNames(String.prototype)) if (typeof String.prototype[k] === 'function') String.prototype[k] = function () { return spy(this, arguments); };",
  "RegExp.prototype":
    "RegExp.prototype.exec = RegExp.prototype.test = function () { return spy(this, arguments); }; for (const s of ['match','replace','split','search']) RegExp.prototype[Symbol[s]] = function () { return spy(this, arguments); };",
  "Map, Set and WeakMap":
    "for (const C of [Map, Set, WeakMap, WeakSet]) for (const k of Object.getOwnPropertyNames(C.prototype)) { const d = Object.getOwnPropertyDescriptor(C.prototype, k); if (typeof d.value === 'function') C.prototype[k] = function () { return spy(this, arguments); }; else Object.defineProperty(C.prototype, k, { get: () => 1e9 }); }",
  Error:
    "Error.prepareStackTrace = (e, sites) => { spy(e, sites); for (const s of sites) { spy(s.getThis(), [s.getFunction()]); } return sites; }; Error.captureStackTrace = () => { throw 1; }; Error.stackTraceLimit = 1e6; Object.defineProperty(Error.prototype, 'message', { get() { return spy(this, []); }, set() { throw 2; } });",
  "all global constructors":
    "for (const k of ['Object','Array','Map','Set','WeakMap','Promise','Error','TypeError','RangeError','Proxy','Symbol','String','Number','BigInt','Date','RegExp','Function','Int32Array','Float64Array','WeakRef','FinalizationRegistry']) globalThis[k] = function () { return spy(this, arguments); };",
  process:
    "for (const k of Object.getOwnPropertyNames(process)) if (k !== 'on') try { process[k] = function () { return spy(this, arguments); }; } catch {}",
  "process events":
    "process.emit = process.listenerCount = process._events = function () { return spy(this, arguments); };",
  "process fatal hooks":
    "process._fatalException = process._tickCallback = process._exiting = undefined; Object.defineProperty(process, 'exitCode', { get() { return { valueOf() { return 5; } }; }, configurable: true });",
  "Math, Number and Date":
    "for (const O of [Math, Number, Date]) for (const k of Object.getOwnPropertyNames(O)) if (typeof O[k] === 'function') try { O[k] = () => NaN; } catch {}",
  timers:
    "for (const k of ['setTimeout','setImmediate','queueMicrotask','clearTimeout','structuredClone']) globalThis[k] = function () { return spy(this, arguments); };",
  "the module loader":
    "const M = require('module'); M._load = M._resolveFilename = M.prototype.require = M.prototype._compile = M._extensions['.js'] = function () { return spy(this, arguments); }; M._cache = new Proxy({}, { get: () => spy });",
  "the public modules":
    "for (const id of ['fs','events','buffer','util','stream','path','url']) { const m = require(id); for (const k of Object.keys(m)) try { m[k] = function () { return spy(this, arguments); }; } catch {} }",
  "deleted globals":
    "for (const k of Object.getOwnPropertyNames(globalThis)) if (k !== 'process' && k !== 't') try { delete globalThis[k]; } catch {}",
  "frozen prototypes":
    "for (const o of [Object.prototype, Array.prototype, Function.prototype, Promise.prototype, Error.prototype, process, globalThis]) try { Object.freeze(o); } catch {}",
  "null prototypes":
    "for (const C of [Array, Promise, Error, Map]) try { Object.setPrototypeOf(C.prototype, null); } catch {}",
} as const;

/** Whatever of the host comes by is called and walked, as an attacker would. */
const SPY = `
const depth = { n: 0 };
let escapes = [];
const apply = Reflect.apply, getProto = Reflect.getPrototypeOf, has = Reflect.has, own = Reflect.ownKeys;
const spy = (self, args) => {
  if (depth.n > 0) return undefined;
  depth.n++;
  try {
    const values = [self];
    for (let i = 0; i < (args?.length ?? 0) && i < 20; i++) values[values.length] = args[i];
    for (let i = 0; i < values.length; i++) {
      let value = values[i];
      if ((typeof value !== "object" && typeof value !== "function") || value === null) continue;
      try {
        if (typeof value.applySync === "function" || typeof value.derefInto === "function" || typeof value.copyInto === "function" || typeof value.createContextSync === "function") escapes[escapes.length] = "engine object";
        if (typeof value.requireBuiltin === "function" || typeof value.compileBuiltin === "function") escapes[escapes.length] = "the guest's realm";
        const F = typeof value === "function" ? value.constructor : undefined;
        if (F && F !== Function0 && getProto(F) !== Function0Proto && getProto(F) !== Function0) escapes[escapes.length] = "foreign realm";
        if (F && apply(F, undefined, ["return typeof process === 'object' && process.versions && process.versions.modules && typeof process.dlopen === 'function' && typeof process.send"])() === "function") escapes[escapes.length] = "host process";
      } catch {}
    }
  } catch {} finally { depth.n--; }
  return undefined;
};
const Function0 = Function, Function0Proto = Function.prototype;
const later = setTimeout;
const write = ((fs, from) => (text) => fs.writeSync(1, text))({ ...require("fs") });`;

describe("a guest that changed what it shares with the library escapes nowhere and breaks no cell", () => {
  it.each(Object.entries(TAMPERINGS))("%s", async (_name, tampering) => {
    const code = `${SPY}\n${USE}\n${RUN}\ntry { ${tampering} } catch {}\nrun();\nconst tell = () => { for (let i = 0; i < escapes.length; i++) write("ESCAPE " + escapes[i] + "\\n"); };\ntell(); later(tell, 20);`;
    const { result, stdout } = await attack(code, { limits, driver, bindings });
    expect(stdout).not.toContain("ESCAPE");
    expect(stdout).not.toContain("root:");
    // How such a program ends is its own affair, but it ends as a program does, or at a limit.
    expect(["exit", "timeout", "memory"]).toContain(result.outcome);
  });

  it("permission still denies, with the host's own decision", async () => {
    const code = `
      const fs = require("fs");
      Array.isArray = () => true; String.prototype.startsWith = () => true; Object.prototype.allow = true; Error.prototype.code = "OK";
      Array.prototype.includes = Array.prototype.some = Array.prototype.every = () => true; RegExp.prototype.test = () => true;
      let got; try { got = fs.readFileSync("/etc/passwd", "utf8"); } catch (error) { got = error.code; }
      fs.writeSync(1, got);`;
    const { stdout } = await attack(code, { limits, driver });
    expect(stdout).toBe("EACCES");
  });

  it("the spy of these tests sees an engine object where there is one", async () => {
    const code = `${SPY}\nspy({ applySync() {} }, []);\nwrite(String(escapes.length));`;
    expect((await attack(code, { limits })).stdout).toBe("1");
  });
});

describe("raw bindings given out by process.binding()", () => {
  it("called with wrong things in every position throw or answer, and the cell goes on", async () => {
    const code = `
      process.noDeprecation = true;
      const names = ["async_wrap","buffer","cares_wrap","config","constants","contextify","crypto","fs","http_parser","icu","inspector","js_stream","natives","os","pipe_wrap","process_wrap","signal_wrap","spawn_sync","stream_wrap","tcp_wrap","tls_wrap","tty_wrap","udp_wrap","url","util","uv","v8","zlib"];
      const odd = [undefined, null, -1, 0, 1, 2 ** 31, 2 ** 53, NaN, Infinity, "", "/etc/passwd", "\\0", "x".repeat(1e5), true, Symbol("s"), 10n, {}, [], [1, [2]], () => {}, new Uint8Array(3), new Uint8Array(new SharedArrayBuffer(8)), new Proxy({}, { get() { throw 1; } }), new Proxy([], {}), { valueOf() { return 2 ** 60; }, toString() { return "/x"; } }, { length: 2 ** 53 - 1 }, Object.create(null), new Date(NaN)];
      let state = 1;
      const pick = () => { state = (state * 1103515245 + 12345) % 2147483648; return odd[state % odd.length]; };
      let calls = 0, bindings = 0;
      const skip = /^(exit|reallyExit|abort|kill|causeSegfault|patchProcessObject|sleep|wait|startProfil|triggerUncaught|setTickCallback|run|enqueue|popAsyncContext)/i; // popAsyncContext: Node ends where the stack of async ids is broken
      for (const name of names) {
        let binding; try { binding = process.binding(name); bindings++; } catch { continue; }
        for (const key of Reflect.ownKeys(binding)) {
          let fn; try { fn = binding[key]; } catch { continue; }
          if (typeof fn !== "function" || skip.test(String(key))) continue;
          for (let round = 0; round < 25; round++) {
            const args = Array.from({ length: round % 8 }, pick);
            try { fn(...args); } catch {}
            try { Reflect.construct(fn, args); } catch {}
            calls += 2;
          }
        }
      }
      process.on("uncaughtException", () => {});
      process.on("unhandledRejection", () => {});
      process.exitCode = calls > 1000 && bindings > 5 ? 3 : 4;`;
    const { result } = await attack(code, { limits: { ...limits, cpuTimeMs: 8000, memoryMiB: 256 }, driver });
    expect(["exit", "timeout", "memory"]).toContain(result.outcome);
    if (result.outcome === "exit") expect(result.code).toBe(3);
  });

  it.each(["process.reallyExit(5)", "process.binding('util') && process.exit(5)"])(
    "%s ends the run and no more",
    async (code) => {
      expect((await attack(code)).result).toMatchObject(outcomes.exit(5));
    },
  );
});
