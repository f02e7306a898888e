import { afterAll, describe, expect, it } from "vitest";
import { closePool, NodeRuntime } from "./index.ts";
import { SandboxError, sandbox } from "./sandbox.ts";

afterAll(closePool);

describe("sandbox", () => {
  it("returns the default export, or module.exports", async () => {
    expect(await sandbox("export default 1 + 1")).toBe(2);
    expect(await sandbox("module.exports = { a: [1, new Map([[1, 2n]])] }")).toEqual({ a: [1, new Map([[1, 2n]])] });
  });

  it("throws what went wrong as data", async () => {
    const failure = await sandbox("throw Object.assign(new RangeError('far'), { code: 'E_FAR' })").catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(SandboxError);
    expect(failure).toMatchObject({
      outcome: "exit",
      exitCode: 1,
      error: { name: "RangeError", message: "far", code: "E_FAR" },
    });
  });

  it("stops at a limit", async () => {
    await expect(sandbox("for (;;);", { limits: { cpuTimeMs: 100 } })).rejects.toMatchObject({
      outcome: "timeout",
      exitCode: 124,
    });
  });

  it("offers host functions", async () => {
    const bindings = { tools: { double: async (value: number) => value * 2 } };
    expect(await sandbox("export default await tools.double(21)", { bindings })).toBe(42);
  });

  it("has no authority", async () => {
    const code =
      "const fs = require('fs'); try { fs.readFileSync('/etc/passwd') } catch (e) { module.exports = e.code }";
    expect(await sandbox(code)).toBe("EACCES");
  });

  it.each([null, 5, "x", []])("%j instead of options is refused, for a runtime too", async (options) => {
    const refused = {
      code: "ERR_SANDBOX_INVALID_OPTIONS",
      message: expect.stringContaining("options must be an object"),
    };
    await expect(sandbox("", options as never)).rejects.toMatchObject(refused);
    expect(() => new NodeRuntime(options as never)).toThrow(expect.objectContaining(refused));
  });
});
