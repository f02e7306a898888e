import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes } from "../testing/attack.ts";

afterAll(closePool);

/** Time enough to fill the memory, whatever the machine is doing. */
const limits = { cpuTimeMs: 5000, wallTimeMs: 10_000 };

describe("a guest that fills its memory is ended for memory", () => {
  it.each([
    [
      "with a Map, which makes V8 abort the process",
      "const map = new Map(); for (let i = 0; ; i++) map.set(i, { i });",
    ],
    ["with a dictionary-mode object, the same", "const table = {}; for (let i = 0; ; i++) table['key' + i] = i;"],
    ["with one huge fill()", "new Array(60 * 2 ** 20).fill();"],
    ["with a larger fill(0)", "new Array(1e8).fill(0);"],
    ["with closures", "const list = []; for (;;) list.push(() => list);"],
    ["with strings", "const list = []; for (;;) list.push('x'.repeat(2 ** 16) + list.length + 'y');"],
    [
      "with promises in a microtask loop",
      "const loop = () => Promise.resolve().then(loop); loop(); loop(); for (;;) loop();",
    ],
    ["with timers", "for (;;) setTimeout(() => {}, 1e6);"],
    [
      "with registrations of what is never collected",
      "const kept = {}; for (;;) new FinalizationRegistry(() => {}).register(kept, 1);",
    ],
    ["with queued ticks", "for (;;) process.nextTick(() => {});"],
    [
      "with parsed JSON",
      "const text = '[' + '1,'.repeat(5e6) + '1]'; const list = []; for (;;) list.push(JSON.parse(text));",
    ],
    [
      "with hash objects, which live on the host",
      "const { createHash } = require('crypto'); const list = []; for (;;) list.push(createHash('sha256'));",
    ],
    ["with a listener flood", "for (;;) process.on('x' + Math.random(), () => {});"],
  ])("%s", async (_name, code) => {
    expect((await attack(code, { limits })).result).toMatchObject(outcomes.memory);
  });
});

describe("a guest that asks for buffers over its limit", () => {
  it.each([
    ["ArrayBuffers", "const list = []; for (;;) list.push(new ArrayBuffer(2 ** 20));"],
    ["written typed arrays", "const list = []; for (;;) list.push(new Uint8Array(2 ** 20).fill(1));"],
    ["Buffers", "const list = []; for (;;) list.push(Buffer.alloc(2 ** 20, 1));"],
    ["shared ones", "const list = []; for (;;) list.push(new SharedArrayBuffer(2 ** 20));"],
  ])("gets a RangeError or is ended for memory: %s", async (_name, code) => {
    const { result } = await attack(code, { limits });
    if (result.outcome === "memory") expect(result).toMatchObject(outcomes.memory);
    else
      expect(result).toMatchObject(
        outcomes.uncaught({ name: "RangeError", message: "Array buffer allocation failed" }),
      );
  });
});

describe("memory that V8's limit does not count", () => {
  it.each([
    [
      "a growing WebAssembly memory inside a module",
      `
      const bytes = [0,97,115,109,1,0,0,0,5,3,1,0,1,7,5,1,1,109,2,0];
      const { m } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
      for (;;) { m.grow(16); new Uint8Array(m.buffer).fill(1); }`,
    ],
    [
      "many WebAssembly memories",
      "const list = []; for (;;) { const m = new WebAssembly.Memory({ initial: 200 }); new Uint8Array(m.buffer).fill(1); list.push(m); }",
    ],
    [
      "a resizable ArrayBuffer",
      "const b = new ArrayBuffer(1, { maxByteLength: 2 ** 30 }); for (let i = 1; i <= 64; i++) { b.resize(i * 2 ** 24); new Uint8Array(b).fill(1); }",
    ],
    [
      "many resizable ArrayBuffers",
      "const list = []; for (;;) { const b = new ArrayBuffer(2 ** 24, { maxByteLength: 2 ** 25 }); new Uint8Array(b).fill(1); list.push(b); }",
    ],
    [
      "a growable SharedArrayBuffer",
      "const b = new SharedArrayBuffer(1, { maxByteLength: 2 ** 30 }); for (let i = 1; i <= 64; i++) { b.grow(i * 2 ** 24); new Uint8Array(b).fill(1); }",
    ],
  ])("is seen from outside: %s", async (_name, code) => {
    expect((await attack(code, { limits })).result).toMatchObject(outcomes.memory);
  });

  it("WebAssembly.Memory is capped at limits.wasmPages, whatever its descriptor says", async () => {
    const code = `
      let reads = 0;
      const flips = { initial: 1, get maximum() { return reads++ === 0 ? 2 : 65536; } };
      const grown = (descriptor) => { try { new WebAssembly.Memory(descriptor).grow(15); return 'grown'; } catch (e) { return e.name + ': ' + e.message; } };
      const made = (descriptor) => { try { new WebAssembly.Memory(descriptor); return 'made'; } catch (e) { return e.name + ': ' + e.message; } };
      class Sub extends WebAssembly.Memory {}
      const native = Object.getPrototypeOf(Sub.prototype).constructor;
      module.exports = [
        grown({ initial: 1 }), grown({ initial: 1, maximum: 65536 }), grown({ initial: 1, maximum: '60000' }),
        grown({ initial: 1, maximum: 65536, shared: true }), grown(flips), made({ initial: 11 }), made({ initial: 10 }),
        native === WebAssembly.Memory, new Sub({ initial: 1 }) instanceof Sub,
        WebAssembly.Memory.name, WebAssembly.Memory.length, String(WebAssembly.Memory),
      ];`;
    const { result } = await attack(code, { limits: { ...limits, wasmPages: 10 } });
    const refused = "RangeError: WebAssembly.Memory.grow(): Maximum memory size exceeded";
    expect(result.exports).toEqual([
      refused,
      refused,
      refused,
      refused,
      refused,
      "RangeError: WebAssembly.Memory(): could not allocate memory",
      "made",
      true,
      true,
      "Memory",
      1,
      "function Memory() { [native code] }",
    ]);
  });

  it("20,000 WebAssembly memories use up the cell's address space alone", async () => {
    const code = "const list = []; for (let i = 0; i < 20_000; i++) list.push(new WebAssembly.Memory({ initial: 0 }));";
    const { result } = await attack(code, { limits });
    expect(result).toMatchObject(outcomes.uncaught({ name: "RangeError" }));
  });
});
