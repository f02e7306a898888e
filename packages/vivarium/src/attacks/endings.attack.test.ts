import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes } from "../testing/attack.ts";

afterAll(closePool);

const limits = { cpuTimeMs: 5000, wallTimeMs: 10_000, memoryMiB: 64 };
const bindings = { t: { echo: async (value: unknown) => value } };

describe("process.exit ends the run wherever it is called", () => {
  it.each([
    ["at once", "process.exit(7); for (;;);"],
    ["in a microtask", "Promise.resolve().then(() => process.exit(7));"],
    ["in a tick", "process.nextTick(() => process.exit(7));"],
    ["in a timer", "setTimeout(() => process.exit(7), 1);"],
    ["in an immediate", "setImmediate(() => process.exit(7));"],
    [
      "in a getter that console.log reads",
      "console.log({ [Symbol.for('nodejs.util.inspect.custom')]() { process.exit(7); } });",
    ],
    ["in prepareStackTrace", "Error.prepareStackTrace = () => process.exit(7); throw new Error('x');"],
    ["in an uncaughtException listener", "process.on('uncaughtException', () => process.exit(7)); throw 1;"],
    [
      "in an unhandledRejection listener",
      "process.on('unhandledRejection', () => process.exit(7)); Promise.reject(1);",
    ],
    ["in an exit listener", "process.on('exit', () => process.exit(7));"],
    ["in beforeExit", "process.on('beforeExit', () => process.exit(7));"],
    [
      "in a getter of an error's code",
      "throw Object.defineProperty(new Error('x'), 'code', { get() { process.exit(7); } });",
    ],
    ["in a getter of the exports", "module.exports = { get x() { process.exit(7); } };"],
    ["in a getter of a binding's argument", "t.echo({ get x() { process.exit(7); } });"],
    ["in a callback of a binding", "t.echo(1).then(() => process.exit(7));"],
    ["in a sort", "[2, 1].sort(() => process.exit(7));"],
    ["in a replacer", "JSON.stringify({ toJSON() { process.exit(7); } });"],
    ["in finally after another exit", "try { process.exit(7); } finally { process.exit(8); }"],
    ["through reallyExit", "process.reallyExit(7);"],
    ["while a module loads", "require('module')._extensions['.js'] = () => process.exit(7); process.exitCode = 7;"],
  ])("%s", async (_name, code) => {
    expect((await attack(code, { limits, bindings })).result).toMatchObject(outcomes.exit(7));
  });
});

describe("a guest that ends itself by a signal", () => {
  it.each([
    ["process.abort()", 134],
    ["process.kill(process.pid, 'SIGTERM')", 143],
    ["process.kill(process.pid, 'SIGKILL')", 137],
    ["process.kill(process.pid, 'SIGSEGV')", 139],
  ])("%s", async (code, expected) => {
    expect((await attack(code)).result).toMatchObject({ outcome: "killed", code: expected });
  });

  it("reaches no process but itself", async () => {
    const code = `
      const seen = [];
      for (const pid of [${process.pid}, ${process.ppid}, 2, -1, 0x7fffffff]) {
        try { process.kill(pid, 'SIGKILL'); seen.push('killed ' + pid); } catch (e) { seen.push(e.code); }
      }
      module.exports = seen;`;
    const { result } = await attack(code);
    expect(result).toMatchObject({ code: 0, exports: ["ESRCH", "ESRCH", "ESRCH", "ESRCH", "ESRCH"] });
  });
});

describe("a promise that never settles", () => {
  it("under top-level await: code 13", async () => {
    const { result } = await attack("await new Promise(() => {});", { filePath: "/app/main.mjs" });
    expect(result).toMatchObject(outcomes.exit(13));
  });

  it("elsewhere: the program ends", async () => {
    expect((await attack("new Promise(() => {});")).result).toMatchObject(outcomes.exit(0));
  });
});

describe("a stack that overflows is an error of the guest", () => {
  const overflow = "(function f() { f(); })()";
  it.each([
    ["main", overflow],
    ["a timer", `setTimeout(() => ${overflow}, 1);`],
    ["an immediate", `setImmediate(() => ${overflow});`],
    ["a tick", `process.nextTick(() => ${overflow});`],
    ["a microtask", `queueMicrotask(() => ${overflow});`],
    ["a promise", `Promise.resolve().then(() => ${overflow});`],
    ["a binding's answer", `t.echo(1).then(() => ${overflow});`],
    ["an event", `process.on('exit', () => ${overflow});`],
    ["a getter of the exports", `module.exports = { get x() { return ${overflow}; } };`],
    ["an inspect hook", `console.log({ [Symbol.for('nodejs.util.inspect.custom')]: () => ${overflow} });`],
    ["an error's stack", `Error.prepareStackTrace = () => ${overflow}; new Error('x').stack;`],
    ["recursion across syscalls", "const fs = require('fs'); (function f() { fs.existsSync('/x'); f(); })()"],
  ])("in %s", async (_name, code) => {
    expect((await attack(code, { limits, bindings })).result).toMatchObject(outcomes.uncaught({ name: "RangeError" }));
  });

  it("at whatever depth a syscall is made, it answers or overflows", async () => {
    const code = `
      const fs = require('fs');
      let ok = 0, overflow = 0, other = 0;
      const f = () => {
        try { f(); } catch {
          try { fs.existsSync('/x'); performance.now(); Buffer.from('x').toString('hex'); ok++; }
          catch (e) { e instanceof RangeError ? overflow++ : other++; throw e; }
        }
      };
      try { f(); } catch {}
      module.exports = [ok > 0, overflow > 0, other];`;
    expect((await attack(code, { limits })).result).toMatchObject({ code: 0, exports: [true, true, 0] });
  });
});

describe("a source that breaks parsers is an error of the guest", () => {
  it.each([
    ["eval of a million brackets", "eval('['.repeat(1e6))"],
    ["eval of a million !", "eval('!'.repeat(1e6))"],
    ["new Function of a million braces", "new Function('{'.repeat(1e6))"],
    ["a vm.Script", "new (require('vm').Script)('('.repeat(1e6))"],
    ["nested functions", "eval('(function(){'.repeat(1e5))"],
    ["nested templates", "eval('`${'.repeat(1e5))"],
    ["a regular expression", "new RegExp('('.repeat(1e6))"],
    ["JSON", "JSON.parse('['.repeat(1e6))"],
  ])("%s", async (_name, code) => {
    const program = `try { ${code}; } catch (e) { module.exports = e instanceof Error; }`;
    expect((await attack(program, { limits })).result).toMatchObject({ code: 0, exports: true });
  });

  it("a module given as data", async () => {
    const code =
      "try { await import('data:text/javascript,' + '['.repeat(1e5)) } catch (e) { console.log(e instanceof Error) }";
    const { stdout, result } = await attack(code, { filePath: "/app/main.mjs", limits });
    expect([stdout, result.code]).toEqual(["true\n", 0]);
  });

  it("the main program itself", async () => {
    expect((await attack("[".repeat(1e6), { limits })).result).toMatchObject({ outcome: "exit", code: 1 });
  });
});
