import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes, TIGHT } from "../testing/attack.ts";

afterAll(closePool);

const limits = { cpuTimeMs: 5000, wallTimeMs: 10_000, memoryMiB: 64 };
const MiB = 1024 * 1024;

describe("calls of bindings that never settle", () => {
  it("are refused past limits.pendingCalls, and the refused ones never reach the embedder", async () => {
    let calls = 0;
    const never = () => {
      calls++;
      return new Promise(() => {});
    };
    const code = `
      const refused = {};
      let left = 5000;
      const done = () => { if (--left === 50) { console.log(JSON.stringify(refused)); process.exit(0); } };
      for (let i = 0; i < 5000; i++) t.never(i).then(done, (e) => { refused[e.code] = (refused[e.code] ?? 0) + 1; done(); });`;
    const { result, stdout } = await attack(code, {
      limits: { ...limits, pendingCalls: 50 },
      bindings: { t: { never } },
    });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(JSON.parse(stdout)).toEqual({ ERR_SANDBOX_BUDGET_EXCEEDED: 4950 });
    expect(calls).toBe(50);
  });

  it("hold a bounded number of bytes in the embedder, not pendingCalls times the payload", async () => {
    let bytes = 0;
    const never = (data: Uint8Array) => {
      bytes += data.byteLength;
      return new Promise(() => {});
    };
    const code = `
      const data = new Uint8Array(2 ** 20);
      let refused = 0;
      const done = () => { if (++refused === 1) setTimeout(() => process.exit(0), 1); };
      for (let i = 0; i < 300; i++) t.never(data).catch(done);`;
    const payloadBytes = 2 * MiB;
    const { result } = await attack(code, {
      limits: { ...limits, payloadBytes, memoryMiB: 256 },
      bindings: { t: { never } },
    });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(4 * payloadBytes);
  });

  it("make room again when they are answered", async () => {
    const code = `
      (async () => {
        const data = new Uint8Array(2 ** 19);
        for (let i = 0; i < 40; i++) await Promise.all([t.echo(data), t.echo(data)]);
        module.exports = 'all';
      })();`;
    const echo = async (value: unknown) => value;
    const { result } = await attack(code, {
      limits: { ...limits, payloadBytes: MiB, pendingCalls: 2 },
      bindings: { t: { echo } },
    });
    expect(result).toMatchObject({ code: 0, exports: "all" });
  });

  it("that fail after the run ended disturb neither cell nor embedder", async () => {
    const fail = () => new Promise((_, reject) => setTimeout(() => reject(new Error("late")), 100));
    const { result } = await attack("for (let i = 0; i < 100; i++) t.fail(); setTimeout(() => process.exit(4), 1);", {
      limits,
      bindings: { t: { fail } },
    });
    expect(result).toMatchObject(outcomes.exit(4));
  });

  it("in an endless loop are ended by the CPU limit", async () => {
    const never = () => new Promise(() => {});
    const code = "for (;;) t.never('x'.repeat(1000)).catch(() => {});";
    const { result } = await attack(code, {
      limits: { ...limits, cpuTimeMs: 300, memoryMiB: 512 },
      bindings: { t: { never } },
    });
    expect(result).toMatchObject(outcomes.cpu);
  });
});

describe("output", () => {
  it("waits for a slow reader: what is under way stays bounded", async () => {
    let outstanding = 0;
    let most = 0;
    const onStdio = async ({ data }: { readonly data: Uint8Array }) => {
      outstanding += data.byteLength;
      most = Math.max(most, outstanding);
      await new Promise(setImmediate);
      outstanding -= data.byteLength;
    };
    const { result } = await attack("const text = 'x'.repeat(1e5); for (;;) console.log(text);", {
      limits: { ...TIGHT, cpuTimeMs: 5000 },
      onStdio,
    });
    expect(result.outcome === "timeout" || result.error?.code === "ERR_SANDBOX_BUDGET_EXCEEDED").toBe(true);
    expect(most).toBeLessThan(MiB);
  });

  it("to a reader that never returns blocks the cell alone, until the wall limit", async () => {
    let calls = 0;
    const onStdio = () => {
      calls++;
      return new Promise<void>(() => {});
    };
    const { result } = await Promise.race([
      attack("for (;;) console.log('x'.repeat(1e5));", { limits: { ...TIGHT, wallTimeMs: 700 }, onStdio }),
      new Promise<never>((_, reject) => setTimeout(() => reject(new Error("still waiting for the reader")), 8000)),
    ]);
    expect(result).toMatchObject(outcomes.wall);
    expect(calls).toBe(1);
  });

  it.each([
    ["console.log", "for (;;) console.log('x'.repeat(1000));", { code: expect.any(Number) }],
    [
      "fs.writeSync",
      "for (;;) require('fs').writeSync(1, 'x'.repeat(1000));",
      outcomes.uncaught({ code: "ERR_SANDBOX_BUDGET_EXCEEDED" }),
    ],
  ])("past limits.stdioBytes is refused: %s", async (_api, code, expected) => {
    const { result, printed } = await attack(code, { limits: { ...limits, stdioBytes: 100_000 } });
    expect(printed).toBeLessThanOrEqual(100_000);
    expect(result).toMatchObject(expected);
    expect(result.code).not.toBe(0);
  });
});

describe("floods", () => {
  it.each([
    [
      "unhandled rejections end with the first one",
      "for (let i = 0; i < 1e4; i++) Promise.reject(new Error('e' + i));",
      outcomes.uncaught({ message: "e0" }),
    ],
    ["endless rejections", "for (;;) Promise.reject(1);", outcomes.memory],
    ["endless warnings", "for (;;) process.emitWarning('x'.repeat(1000));", outcomes.memory],
    [
      "open descriptors stop at limits.openFiles",
      "const fs = require('fs'); fs.writeFileSync('/tmp/a', ''); for (;;) fs.openSync('/tmp/a');",
      outcomes.uncaught({ code: "EMFILE" }),
    ],
    [
      "files stop at the quota",
      "const fs = require('fs'); const b = Buffer.alloc(1e5); for (let i = 0; ; i++) fs.writeFileSync('/tmp/' + i, b);",
      outcomes.uncaught({ code: "ENOSPC" }),
    ],
    [
      "one file stops at the quota",
      "const fs = require('fs'); for (;;) fs.appendFileSync('/tmp/a', Buffer.alloc(1e6));",
      outcomes.uncaught({ code: "ENOSPC" }),
    ],
    [
      "rejections of their own handlers",
      "process.on('unhandledRejection', () => { Promise.reject(1); }); Promise.reject(1);",
      { outcome: "timeout" },
    ],
    [
      "exceptions of their own handlers",
      "process.on('uncaughtException', () => { throw new Error('again'); }); throw 1;",
      outcomes.exit(7),
    ],
  ])("%s", async (_name, code, expected) => {
    const driver = { permissions: { fs: { read: ["/**"], write: ["/**"] } } };
    const patient = { ...limits, memoryMiB: 64, wallTimeMs: 20_000, cpuTimeMs: 4000 };
    expect((await attack(code, { limits: patient, driver })).result).toMatchObject(expected);
  });
});
