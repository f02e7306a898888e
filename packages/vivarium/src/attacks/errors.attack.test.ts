import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes } from "../testing/attack.ts";

afterAll(closePool);

const limits = { cpuTimeMs: 300, wallTimeMs: 10_000 };

const LOOP = "for (;;);";
const ERRORS = {
  "a looping message": `Object.defineProperty(new Error("x"), "message", { get() { ${LOOP} } })`,
  "a looping stack": `Object.defineProperty(new Error("x"), "stack", { get() { ${LOOP} } })`,
  "a looping name": `Object.defineProperty(new Error("x"), "name", { get() { ${LOOP} } })`,
  "a looping cause": `Object.defineProperty(new Error("x"), "cause", { get() { ${LOOP} } })`,
  "a proxy that loops in every trap": `new Proxy(new Error("x"), new Proxy({}, { get: () => () => { ${LOOP} } }))`,
  "a looping proxy as prototype": `Object.setPrototypeOf(new Error("x"), new Proxy({}, { get() { ${LOOP} } }))`,
  "a looping prepareStackTrace": `(Error.prepareStackTrace = () => { ${LOOP} }, new Error("x"))`,
  "a looping toString": `({ toString() { ${LOOP} }, [Symbol.toPrimitive]() { ${LOOP} }, get constructor() { ${LOOP} } })`,
} as const;
const WAYS = {
  thrown: (error: string) => `throw ${error};`,
  "thrown in a timer": (error: string) => `setTimeout(() => { throw ${error}; }, 1);`,
  "thrown in a microtask": (error: string) => `queueMicrotask(() => { throw ${error}; });`,
  rejected: (error: string) => `Promise.reject(${error});`,
  exported: (error: string) => `module.exports = ${error};`,
} as const;

const cases = Object.entries(WAYS).flatMap(([way, wrap]) =>
  Object.entries(ERRORS).map(([name, error]) => [`${name}, ${way}`, wrap(error)] as const),
);

describe("an error that loops when it is looked at ends by the CPU limit, or ends the run without being looked at", () => {
  it.each(cases)("%s", async (_name, code) => {
    const { result } = await attack(code, { limits });
    if (result.outcome === "timeout") expect(result).toMatchObject(outcomes.cpu);
    else expect(result.outcome).toBe("exit");
  });
});

describe("an error leaves the guest as text of bounded length", () => {
  const roomy = { cpuTimeMs: 5000, wallTimeMs: 15_000, memoryMiB: 256 };
  it.each([
    ["message", "throw new Error('x'.repeat(5e7));"],
    ["name", "const e = new Error('x'); e.name = 'n'.repeat(5e7); throw e;"],
    ["code", "throw Object.assign(new Error('x'), { code: 'c'.repeat(5e7) });"],
    ["stack", "const e = new Error('x'); e.stack = 's'.repeat(5e7); throw e;"],
    [
      "a chain of causes",
      "let e = new Error('x'); for (let i = 0; i < 1e4; i++) e = new Error('y', { cause: e }); throw e;",
    ],
    ["a cause that is its own", "const e = new Error('x'); e.cause = e; throw e;"],
    ["a thrown string", "throw 'x'.repeat(5e7);"],
  ])("%s", async (_name, code) => {
    const { result } = await attack(code, { limits: roomy });
    expect(JSON.stringify(result.error ?? {}).length).toBeLessThan(1024 * 1024);
    if (result.outcome === "exit") expect(result.code).toBe(1);
    else expect(result).toMatchObject(outcomes.memory);
  });

  it.each(["CPU time limit exceeded", "process.exit(0)", "memory limit exceeded", "Isolate was disposed"])(
    "the text %j fakes no outcome",
    async (text) => {
      const code = `throw Object.assign(new Error(${JSON.stringify(text)}), { code: "ERR_SANDBOX_TIMEOUT", outcome: "timeout" });`;
      expect((await attack(code)).result).toMatchObject(outcomes.uncaught({ name: "Error", message: text }));
    },
  );
});
