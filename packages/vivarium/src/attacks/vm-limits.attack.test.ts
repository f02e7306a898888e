import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack } from "../testing/attack.ts";

afterAll(closePool);

const limits = { memoryMiB: 128, cpuTimeMs: 8000, wallTimeMs: 20_000 };

describe.each([
  ["with the native helper", true],
  ["without the native helper", false],
] as const)("code caches of a guest, %s", (_, nativeHelper) => {
  it("only V8's own output for this source is taken: every other byte is refused", async () => {
    const run = await attack(
      `const vm = require("vm");
      const source = "(function f(a) { return a.map((x) => x + 1) })";
      const cachedData = new vm.Script(source).createCachedData();
      let taken = 0, rejected = 0;
      const give = (data, text) => (new vm.Script(text, { cachedData: data }).cachedDataRejected ? rejected++ : taken++);
      for (let i = 0; i < cachedData.length; i++) {
        const bytes = Buffer.from(cachedData);
        bytes[i] ^= 1 << (i % 8);
        give(bytes, source);
      }
      for (let i = 0; i < 200; i++) give(Uint8Array.from({ length: i * 7 }, (_, at) => at * i * 31), source);
      give(Buffer.alloc(32 << 20), source);
      give(cachedData, source.replace("+ 1", "+ 2"));
      const made = vm.compileFunction("1 + 1", [], { produceCachedData: true });
      give(made.cachedData, "1 + 1");
      console.log(taken, rejected === cachedData.length + 203);`,
      { limits, nativeHelper },
    );
    expect(run.stdout).toBe("0 true\n");
  });

  it("bytes that change while they are looked at change nothing", async () => {
    const run = await attack(
      `const vm = require("vm");
      const cachedData = new vm.Script("1 + 1").createCachedData();
      const shared = new Uint8Array(new SharedArrayBuffer(cachedData.length));
      shared.set(cachedData);
      console.log(new vm.Script("1 + 1", { cachedData: shared }).cachedDataRejected);
      shared[40] ^= 1;
      console.log(new vm.Script("1 + 1", { cachedData: shared }).cachedDataRejected);`,
      { limits, nativeHelper },
    );
    expect(run.stdout).toBe("false\ntrue\n");
  });
});

describe("time limits of a guest's scripts", () => {
  it("fifty of them, one inside the other, end as they should", async () => {
    const run = await attack(
      `const vm = require("vm");
      let deepest = 0;
      const nest = (depth) => {
        deepest = Math.max(deepest, depth);
        if (depth === 50) for (;;);
        vm.runInThisContext("(f, d) => f(d)", { timeout: 10_000 });
        return run(depth + 1);
      };
      globalThis.nest = nest;
      const run = (depth) => vm.runInThisContext("nest(" + depth + ")", { timeout: depth === 1 ? 200 : 10_000 });
      try { run(1); } catch (error) { console.log(error.code, deepest); }
      console.log(vm.runInThisContext("'goes on'", { timeout: 1000 }));`,
      { limits },
    );
    expect(run.stdout).toBe("ERR_SCRIPT_EXECUTION_TIMEOUT 50\ngoes on\n");
  });

  it("do not keep a program that has ended, or is to be ended, alive", async () => {
    const exit = await attack(
      "require('vm').runInThisContext('process.exit(4); for (;;);'.replace('process', 'globalThis.process'), { timeout: 50 });",
      { limits },
    );
    expect(exit.result).toMatchObject({ outcome: "exit", code: 4 });
    const endless = await attack(
      "const vm = require('vm'); for (;;) try { vm.runInThisContext('for (;;);', { timeout: 5 }) } catch {}",
      { limits: { ...limits, cpuTimeMs: 1000 } },
    );
    expect(endless.result.outcome).toBe("timeout");
  });

  it("memory is limited inside them", async () => {
    const run = await attack(
      "const vm = require('vm'); try { vm.runInThisContext('const all = []; for (;;) all.push(new Array(1e4).fill({}));', { timeout: 15_000 }) } catch {} for (;;);",
      { limits: { ...limits, memoryMiB: 48 } },
    );
    expect(["memory", "crashed", "timeout"]).toContain(run.result.outcome);
  });
});
