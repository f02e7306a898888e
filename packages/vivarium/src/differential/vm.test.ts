import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

describe.each([
  ["with the native helper", true],
  ["without the native helper", false],
] as const)("vm, %s", (_, nativeHelper) => {
  const differential = new Differential({ nativeHelper });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it("what both modes have is as on Node", async () => {
    const file = fileURLToPath(new URL("programs/vm/portable.cjs", import.meta.url));
    const { host, sandbox } = await differential.compare({ file });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("import true");
  });

  it("microtasks of afterEvaluate run after the script, under its time limit", async () => {
    const code = readFileSync(fileURLToPath(new URL("programs/vm/after-evaluate.mjs", import.meta.url)), "utf8");
    const { host, sandbox } = await differential.compare({ code, name: "after-evaluate.mjs" });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("gone []");
  });

  it("a context that does not fit on the stack is told as such, at once", async () => {
    const code = `const deep = () => { try { return deep(); } catch { return require("vm").runInNewContext("() => 42")(); } };
      console.log(deep());`;
    const { host, sandbox } = await differential.compare({ code });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toBe("42\n");
  });
});

describe.each([
  ["with the native helper", true],
  ["without the native helper", false],
] as const)("gc() in contexts, %s", (_, nativeHelper) => {
  const differential = new Differential({ nativeHelper });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it("is there where its flag was given", async () => {
    const code = 'console.log(typeof gc, require("vm").runInNewContext("gc(); typeof gc"));';
    const { host, sandbox } = await differential.compare({ code, flags: ["--expose-gc"] });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toBe("function function\n");
  });
});

describe.each([
  ["with the native helper", true],
  ["without the native helper", false],
] as const)("vm modules, %s", (_, nativeHelper) => {
  const differential = new Differential({ nativeHelper });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it("time limits of modules hold, and end what they queued", async () => {
    const name = "after-evaluate-modules.mjs";
    const code = readFileSync(fileURLToPath(new URL(`programs/vm/${name}`, import.meta.url)), "utf8");
    const { host, sandbox } = await differential.compare({ code, name, flags: ["--experimental-vm-modules"] });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("ERR_SCRIPT_EXECUTION_TIMEOUT");
  });

  it("a module outlives what the host holds of contexts", async () => {
    const code = `import vm from "node:vm";
      const context = vm.createContext({ setTimeout });
      const make = async (source) => { const made = new vm.SourceTextModule(source, { context }); await made.link(() => {}); return made; };
      const early = await make("export default 'early';");
      await early.evaluate();
      const late = await make("await new Promise((done) => setTimeout(done, 5)); throw new RangeError('late');");
      const failed = late.evaluate().catch((error) => console.log(error.name, error.message));
      for (let i = 0; i < 20; i++) vm.runInContext("1", vm.createContext({}));
      console.log(early.namespace.default);
      await failed;
      const another = await make("export default 'another';");
      await another.evaluate();
      console.log(another.namespace.default);`;
    const flags = ["--experimental-vm-modules", "--no-warnings"];
    const { host, sandbox } = await differential.compare({ code, name: "outlives.mjs", flags });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("another");
  });

  it("who awaits a module with microtasks of its own goes on", async () => {
    const name = "awaited-modules.mjs";
    const code = readFileSync(fileURLToPath(new URL(`programs/vm/${name}`, import.meta.url)), "utf8");
    const flags = ["--experimental-vm-modules", "--no-warnings"];
    const { host, sandbox } = await differential.compare({ code, name, flags });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("caught in the module");
  });
});

describe("vm contexts, with the native helper", () => {
  const differential = new Differential({ nativeHelper: true });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it("scripts, functions, globals and errors of contexts are as on Node", async () => {
    const file = fileURLToPath(new URL("programs/vm/contexts.cjs", import.meta.url));
    const { host, sandbox } = await differential.compare({ file });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("then 7");
  });

  it("time limits, code caches and what may be compiled are as on Node", async () => {
    const file = fileURLToPath(new URL("programs/vm/limits.cjs", import.meta.url));
    const { host, sandbox } = await differential.compare({ file });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("caught ERR_SCRIPT_EXECUTION_TIMEOUT");
  });

  it("modules of contexts and import() from strings are as on Node", async () => {
    const code = readFileSync(fileURLToPath(new URL("programs/vm/modules.mjs", import.meta.url)), "utf8");
    const flags = ["--experimental-vm-modules"];
    const { host, sandbox } = await differential.compare({ code, name: "modules.mjs", flags });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("ERR_VM_MODULE_CACHED_DATA_REJECTED");
  });

  it("a program without array iterators goes on", async () => {
    const read = (name: string) =>
      readFileSync(fileURLToPath(new URL(`programs/iterators/${name}`, import.meta.url)), "utf8");
    const { host, sandbox } = await differential.compare({
      code: read("without-iterators.cjs"),
      name: "without-iterators.cjs",
      files: { "other.mjs": read("other.mjs") },
    });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("module loaded");
  });
});
