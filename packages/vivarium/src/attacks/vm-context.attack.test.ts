import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack } from "../testing/attack.ts";

afterAll(closePool);

/** Follows everything reachable from a fresh global; prints functions written in JavaScript, and odd globals. */
const EXPLORE = `
const vm = require("vm");
const found = vm.runInContext(\`(() => {
  const seen = new Set(), found = [];
  const walk = (object, path) => {
    if (object === null || (typeof object !== "object" && typeof object !== "function") || seen.has(object)) return;
    seen.add(object);
    if (typeof object === "function" && !path.startsWith("g.console") && !/\\\\[native code\\\\]/.test(Function.prototype.toString.call(object))) found.push(path);
    for (const key of Reflect.ownKeys(object)) {
      const { value, get, set } = Reflect.getOwnPropertyDescriptor(object, key);
      for (const part of [value, get, set]) walk(part, path + "." + String(key));
    }
    walk(Reflect.getPrototypeOf(object), path + ".__proto__");
  };
  walk(globalThis, "g");
  for (const name of ["process", "require", "Buffer", "__vivarium", "internalBinding", "primordials"])
    if (name in globalThis) found.push(name);
  return found.join();
})()\`, vm.createContext(vm.constants.DONT_CONTEXTIFY));
console.log("found:" + found);`;

describe("vm contexts", () => {
  it("a new context holds nothing of the library it was made from", async () => {
    const run = await attack(EXPLORE, { limits: { memoryMiB: 128, cpuTimeMs: 3000, wallTimeMs: 10_000 } });
    expect(run.stdout).toBe("found:\n");
  });

  it("constructors lead no further than to the program itself", async () => {
    const run = await attack(
      `const vm = require("vm");
      const escape = "this.constructor.constructor('return typeof __vivarium + typeof internalBinding + typeof primordials')()";
      console.log(vm.runInNewContext(escape), vm.runInNewContext(escape, { f() {} }));`,
      { limits: { memoryMiB: 128, cpuTimeMs: 3000, wallTimeMs: 10_000 } },
    );
    const nothing = "undefined".repeat(3);
    expect(run.stdout).toBe(`${nothing} ${nothing}\n`);
  });

  it("contexts without end are over at a limit", async () => {
    const run = await attack(
      "const vm = require('vm'), kept = []; for (;;) kept.push(vm.createContext({ bytes: new Uint8Array(1024) }));",
      { limits: { memoryMiB: 32, cpuTimeMs: 4000, wallTimeMs: 10_000 } },
    );
    expect(["memory", "crashed", "timeout"]).toContain(run.result.outcome);
  });
});
