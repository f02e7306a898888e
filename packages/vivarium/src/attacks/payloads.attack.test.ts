import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes } from "../testing/attack.ts";
import type { GuestRun } from "../testing/run-guest.ts";

afterAll(closePool);

const limits = { cpuTimeMs: 5000, wallTimeMs: 10_000, memoryMiB: 64 };
const allowFiles = { permissions: { fs: { read: ["/**"], write: ["/**"] } } };
const bindings = { t: { echo: async (value: unknown) => value } };

/** Half a gigabyte: V8's longest string. */
const LONGEST = "'a'.repeat(2 ** 29 - 24)";
/** 256 MB that take no memory in the guest until somebody reads them. */
const ROPE = "(() => { let s = 'abcdefgh'; while (s.length < 2 ** 28) s += s; return s; })()";

/** Refused with an error, or ended for memory; never passed on. */
function expectStopped({ result, printed }: GuestRun): void {
  if (result.outcome === "exit") expect(result.code).toBe(1);
  else expect(result).toMatchObject(outcomes.memory);
  expect(result.exports).toBeUndefined();
  expect(printed).toBeLessThan(1024 * 1024);
}

describe.each([
  ["a string of 512 MB", LONGEST],
  ["a rope of 256 MB", ROPE],
])("%s", (_name, text) => {
  it.each([
    ["console.log", `console.log(${text});`],
    ["process.stdout.write", `process.stdout.write(${text});`],
    ["process.stderr.write", `process.stderr.write(${text});`],
    ["fs.writeFileSync", `require('fs').writeFileSync('/tmp/x', ${text});`],
    ["fs.writeFileSync to a descriptor", `require('fs').writeFileSync(1, ${text});`],
    [
      "a path",
      `try { require('fs').statSync('/' + ${text}); } catch (e) { if (e.code === 'ENOENT') process.exit(0); throw e; }`,
    ],
    ["an export", `module.exports = ${text};`],
    ["a hash", `require('crypto').createHash('sha256').update(${text}).update(${text}).digest(); throw 1;`],
    ["a source to compile", `new (require('vm').Script)(${text} + '(');`],
    ["an exit code", `process.exitCode = ${text};`],
  ])("goes nowhere through %s", async (_api, code) => {
    expectStopped(await attack(code, { limits, driver: allowFiles }));
  });

  it("goes nowhere as a binding's argument", async () => {
    const code = `t.echo(${text}).then(() => process.exit(3), (e) => { module.exports = e.code; });`;
    const { result } = await attack(code, { limits, bindings });
    expect(result).toMatchObject({ code: 0, exports: "ERR_SANDBOX_PAYLOAD_TOO_LARGE" });
  });
});

describe("what crosses to a binding is counted before it is copied", () => {
  it.each([
    ["1,000 references to one string of 1 MB", "Array(1000).fill('x'.repeat(2 ** 20))"],
    [
      "1,000 views of one buffer",
      "((b) => Array.from({ length: 1000 }, () => new Uint8Array(b)))(new ArrayBuffer(2 ** 20))",
    ],
    ["a sparse array of 2 ** 32 - 1 holes", "Object.assign([], { length: 2 ** 32 - 1 })"],
    ["deep nesting", "(() => { let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a; })()"],
    ["one million keys", "Object.fromEntries(Array.from({ length: 1e6 }, (_, i) => ['key' + i, 'value'.repeat(10)]))"],
  ])("%s", async (_name, value) => {
    const code = `t.echo(${value}).then(() => process.exit(3), (e) => { module.exports = e.code; });`;
    const { result } = await attack(code, { limits: { ...limits, memoryMiB: 128 }, bindings });
    if (result.outcome !== "exit") expect(["memory", "timeout"]).toContain(result.outcome);
    else expect(result).toMatchObject({ code: 0, exports: "ERR_SANDBOX_PAYLOAD_TOO_LARGE" });
  });

  it("a small view of a large buffer takes only its own bytes along", async () => {
    const sizes: number[] = [];
    const take = async (value: Uint8Array) => void sizes.push(value.byteLength, value.buffer.byteLength);
    const code = "t.take(new Uint8Array(2 ** 20).subarray(5, 10));";
    expect((await attack(code, { limits, bindings: { t: { take } } })).result.code).toBe(0);
    expect(sizes).toEqual([5, 5]);
  });
});
