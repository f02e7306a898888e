import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes } from "../testing/attack.ts";

afterAll(closePool);

/** The CPU limit must be what ends it, also on a machine that is busy. */
const limits = { cpuTimeMs: 300, wallTimeMs: 10_000, memoryMiB: 64 };
const allowFiles = { permissions: { fs: { read: ["/**"], write: ["/**"] } } };

describe("a guest that does not stop is ended by its CPU limit", () => {
  it.each([
    ["a plain loop", "for (;;);"],
    ["a loop that catches everything", "for (;;) try { for (;;); } catch {}"],
    ["recursion in finally", "const f = () => { try { f(); } finally { f(); } }; f();"],
    ["a microtask loop", "(async () => { for (;;) await null; })();"],
    [
      "a microtask loop after an await of a host call",
      "require('fs').promises.stat('/').then(async () => { for (;;) await null; });",
    ],
    ["a nextTick loop", "const f = () => process.nextTick(f); f();"],
    ["a setImmediate loop", "const f = () => setImmediate(f); f();"],
    ["a regular expression that backtracks", "/^(a+)+$/.test('a'.repeat(40) + 'b');"],
    ["a huge BigInt as text, which V8 does not interrupt", "(1n << 2n ** 26n).toString();"],
    ["BigInt powers", "for (;;) 7n ** 300000n;"],
    [
      "indexOf on an endless array-like, not interrupted either",
      "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);",
    ],
    ["typed array searches at top level", "const bytes = new Uint8Array(1e7); while (true) bytes.indexOf(1);"],
    ["JSON.parse", "const text = '[' + '1,'.repeat(2e5) + '1]'; for (;;) JSON.parse(text);"],
    ["sorting", "for (;;) Array.from({ length: 1e5 }, (_, i) => -i).sort((a, b) => a - b);"],
    [
      "a WebAssembly loop",
      "const b = [0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]; new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(b))).exports.f();",
    ],
    ["file syscalls", "const fs = require('fs'); for (;;) fs.existsSync('/x');"],
    ["failing file syscalls", "const fs = require('fs'); for (;;) try { fs.readFileSync('/x'); } catch {}"],
    ["clock syscalls", "for (;;) performance.now();"],
    ["URL syscalls", "for (let i = 0; ; i++) new URL('http://a/' + i);"],
    ["hashing on the host", "const { hash } = require('crypto'); for (;;) hash('sha256', 'x');"],
    ["a loop in an exit listener", "process.on('exit', () => { for (;;); });"],
    ["a loop in beforeExit", "process.on('beforeExit', () => setImmediate(() => {}));"],
    ["a loop in a timer", "setTimeout(() => { for (;;); }, 1);"],
    ["a loop in an uncaughtException listener", "process.on('uncaughtException', () => { for (;;); }); throw 1;"],
    ["a loop in an inspect hook", "console.log({ [Symbol.for('nodejs.util.inspect.custom')]() { for (;;); } });"],
    ["a loop while modules load", "require('module')._load = () => { for (;;); }; require('fs');"],
  ])("%s", async (_name, code) => {
    expect((await attack(code, { limits, driver: allowFiles })).result).toMatchObject(outcomes.cpu);
  });

  it("time spent over many short callbacks adds up, and the cell itself ends the guest and says what it used", async () => {
    const { result } = await attack("const f = () => setImmediate(f); f();", { limits });
    expect(result).toMatchObject(outcomes.cpu);
    expect(result.usage.syscalls).toBeGreaterThan(0);
    expect(result.usage.heapMiB).toBeGreaterThan(0);
  });
});

describe("a guest that waits uses no CPU time: the wall limit ends it", () => {
  it.each([
    ["Atomics.wait for ever", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);"],
    ["a timer far away", "setTimeout(() => {}, 1e9);"],
    ["a binding that never answers", "t.never();"],
    ["standard input that never comes", "process.stdin.on('data', () => {});"],
  ])("%s", async (_name, code) => {
    const bindings = { t: { never: () => new Promise(() => {}) } };
    const stdin = new ReadableStream<Uint8Array>();
    const waiting = { cpuTimeMs: 300, wallTimeMs: 700 };
    expect((await attack(code, { limits: waiting, bindings, stdin })).result).toMatchObject(outcomes.wall);
  });

  it("a blocking wait longer than the CPU limit is no use of CPU time", async () => {
    const code = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600); module.exports = 'woke';";
    expect((await attack(code, { limits })).result).toMatchObject({ code: 0, exports: "woke" });
  });
});
