import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential, type WrittenProgram } from "./differential.ts";

const program = (name: string, more: Partial<WrittenProgram> = {}): WrittenProgram => ({
  name,
  code: readFileSync(new URL(`programs/patch/${name}`, import.meta.url), "utf8"),
  ...more,
});

describe("without the native helper", () => {
  const differential = new Differential({ compat: "full", nativeHelper: false });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it.each([
    ["promises, proxies and iterators are inspected", program("values.cjs"), "Promise { <pending> }", 0],
    ["microtasks run where Node runs them", program("turns.cjs"), "tick of a microtask", 3],
    ["an unhandled error is the very one", program("rejections.cjs"), "code: 'E_MORE'", 1],
    ["a collection is profiled", program("profiled.cjs", { flags: ["--expose-gc"] }), "MarkSweepCompact true", 0],
    ["what was collected is told", program("collected.cjs", { flags: ["--expose-gc"] }), "one,two object gc 4 4", 0],
    [
      "a namespace can be seen before its module runs",
      program("namespace.cjs", { flags: ["--experimental-vm-modules", "--no-warnings"] }),
      "late: <uninitialized>",
      0,
    ],
    [
      "modules load when arrays have no iterator",
      program("iterators-gone.cjs", { files: { "module.mjs": "export default 'loaded';" } }),
      "loaded",
      0,
    ],
    [
      "--disallow-code-generation-from-strings holds",
      {
        code: "try { eval('1'); } catch (error) { console.log(`${error}`); } console.log('goes on');",
        flags: ["--disallow-code-generation-from-strings"],
      },
      "EvalError",
      0,
    ],
  ] as const)("%s as on Node", async (_, written, printed, code) => {
    const { host, sandbox } = await differential.compare(written);
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain(printed);
    expect(host.code).toBe(code);
  });

  it("an await at the top that never settles is told with its place, also of a program without a file", async () => {
    const child = `require("node:child_process").spawn(process.execPath, ["--input-type=module", "-e", "1;\\nawait new Promise(() => {});"], { stdio: "inherit" }).on("exit", (code) => console.log(code));`;
    const { host, sandbox } = await differential.compare({ code: child });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toBe("13\n");
  });

  it("a rejection tells nothing of the host", async () => {
    const { host, sandbox } = await differential.compare({
      code: "process.on('unhandledRejection', (reason) => console.log(`${reason.stack}`)); Promise.reject({ message: 'like an error' });",
    });
    expect(host.stdout).toBe("undefined\n");
    expect(sandbox.stdout).toBe("Error: like an error\n");
  });
});
