import { getPriority } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { allowAll, closePool, createNodeDriver, NodeRuntime, type Permissions } from "../index.ts";

afterAll(closePool);

async function run(code: string, permissions: Permissions = allowAll): Promise<string> {
  const runtime = new NodeRuntime({ driver: createNodeDriver({ permissions }) });
  let text = "";
  const { code: exitCode } = await runtime.exec(code, {
    filePath: "/app/main.cjs",
    onStdio: ({ data }) => {
      text += Buffer.from(data).toString();
    },
  });
  await runtime.dispose();
  return `${text}${exitCode}`;
}

describe("small powers of a process", () => {
  it("a priority goes down and never up, whoever the embedder is", async () => {
    const code = `const os = require("os");
      const change = (to) => { try { os.setPriority(to); } catch (error) { console.log(error.info.code); } };
      change(os.getPriority() - 1);
      change(-20);
      change(19);
      change(18);
      console.log(os.getPriority());`;
    const before = getPriority();
    expect(await run(code)).toBe("EACCES\nEACCES\nEACCES\n19\n0");
    expect(getPriority()).toBe(before);
  });

  it("process.loadEnvFile() reads what fs may read, and says no more of the rest", async () => {
    const code = `for (const path of [undefined, "/etc/passwd", "/none"]) {
        try { process.loadEnvFile(path); console.log("read"); } catch (error) { console.log(error.code, error.sandboxCode); }
      }`;
    const denied = "EACCES ERR_SANDBOX_FS_DENIED\n";
    expect(await run(code, { fs: false })).toBe(`${denied}${denied}${denied}0`);
  });
});
