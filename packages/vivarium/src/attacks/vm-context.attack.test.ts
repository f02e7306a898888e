import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack } from "../testing/attack.ts";

afterAll(closePool);

const limits = { memoryMiB: 128, cpuTimeMs: 3000, wallTimeMs: 10_000 };

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

/** What a context hands out, and what stands for its global, leads nowhere either. */
const BEYOND = `
const vm = require("vm");
const context = vm.createContext({});
const odd = vm.runInContext(\`(() => {
  const odd = [];
  const isOwn = (fn) => /odd|native code/.test(Function.prototype.toString.call(fn));
  function look(value, path) {
    try {
      for (let at = look.caller, n = 0; at && n < 20; at = at.caller, n++) if (!isOwn(at)) odd.push("caller");
    } catch {}
    const tag = Object.prototype.toString.call(value);
    if (/Reference|Isolate|Callback|Context|Script|Module|ExternalCopy/.test(tag + value?.constructor?.name)) odd.push(path);
  }
  for (const name of ["th\\u00efs", "st\\u00ebp", "sl\\u00f6t"]) {
    let value;
    try { value = eval(name); } catch { continue; }
    look(value, name);
    if (typeof value === "function")
      for (const given of [0, -1, 1e9, "x", {}, Symbol()]) try { look(value(given), name + "()"); } catch (error) { odd.push(String(error)); }
  }
  try { Object.getPrototypeOf((function () { return this })()); } catch (error) { odd.push(String(error)); }
  return odd.join();
})()\`, context);
console.log("odd:" + odd);`;

/** Call sites inside callbacks and constructors of promises give no function away but the program's own. */
const CALLERS = `
const seen = [];
const look = (_, sites) => {
  for (const site of sites) {
    const name = site.getScriptNameOrSourceURL() ?? "";
    if (name.startsWith("vivarium:") && (site.getFunction() !== undefined || site.getThis() !== undefined)) seen.push(name);
  }
  return "";
};
const callbacks = \`Error.prepareStackTrace = look;
  Promise.resolve().then(() => new Error("x").stack).finally(() => new Error("x").stack);
  class Own extends Promise { constructor(run) { super(run); new Error("x").stack; } }
  Own.resolve(1).then(() => {});
  Own.withResolvers();
  Object.defineProperty(Promise, Symbol.species, { get() { new Error("x").stack; return function (run) { run(() => {}, () => {}); return new Proxy({}, { getPrototypeOf() { seen.push("prototype"); return null; } }); }; } });
  void Promise.resolve(1).then(() => {});\`;
vm.runInNewContext(callbacks, { look, seen });
new Function("look", "seen", callbacks)(look, seen);
setTimeout(() => console.log("seen:" + seen.join()), 5);`;

describe.each([
  ["with the native helper", true],
  ["without the native helper", false],
] as const)("vm contexts, %s", (_, nativeHelper) => {
  it("a new context holds nothing of the library it was made from", async () => {
    const run = await attack(EXPLORE, { limits, nativeHelper });
    // As in the main context, stacks are formatted by a function of ours there.
    expect(run.stdout).toBe(nativeHelper ? "found:\n" : "found:g.Error.prepareStackTrace\n");
  });

  it("a context gets nothing of it either where promises are followed", async () => {
    const followed = `require("domain").create().run(() => {});`;
    const explored = await attack(followed + EXPLORE, { limits, nativeHelper, compat: "full" });
    expect(explored.stdout).toBe(nativeHelper ? "found:\n" : "found:g.Error.prepareStackTrace\n");
    const run = await attack(`${followed}${BEYOND}${CALLERS}`, { limits, nativeHelper, compat: "full" });
    expect(run.stdout).toBe("odd:\nseen:\n");
  });

  it("constructors lead no further than to the program itself", async () => {
    const run = await attack(
      `const vm = require("vm");
      const escape = "this.constructor.constructor('return typeof __vivarium + typeof internalBinding + typeof primordials')()";
      console.log(vm.runInNewContext(escape), vm.runInNewContext(escape, { f() {} }));`,
      { limits, nativeHelper },
    );
    const nothing = "undefined".repeat(3);
    expect(run.stdout).toBe(`${nothing} ${nothing}\n`);
  });

  it("what drives a context is out of reach of what runs in it", async () => {
    const run = await attack(BEYOND, { limits, nativeHelper });
    expect(run.stdout).toBe("odd:\n");
  });

  it("contexts without end are over at a limit", async () => {
    const run = await attack(
      "const vm = require('vm'), kept = []; for (;;) kept.push(vm.createContext({ bytes: new Uint8Array(1024) }));",
      { limits: { memoryMiB: 32, cpuTimeMs: 4000, wallTimeMs: 10_000 }, nativeHelper },
    );
    expect(["memory", "crashed", "timeout"]).toContain(run.result.outcome);
  });
});
