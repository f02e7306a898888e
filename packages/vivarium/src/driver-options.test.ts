import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { closePool, createNodeDriver, NodeRuntime } from "./index.ts";

describe("options of createNodeDriver", () => {
  afterAll(closePool);

  it("nodePath is the binary the cells run on", async () => {
    const folder = mkdtempSync(join(tmpdir(), "vivarium-node-"));
    const nodePath = join(folder, "another-node");
    symlinkSync(process.execPath, nodePath);
    try {
      await using runtime = new NodeRuntime({ driver: createNodeDriver({ nodePath }) });
      const { exports } = await runtime.run("export default 1", { filePath: "/app/main.mjs" });
      expect(exports).toEqual({ default: 1 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(["/nowhere/node", tmpdir(), "package.json"])("nodePath %s is refused", (nodePath) => {
    expect(() => createNodeDriver({ nodePath })).toThrow(
      `options.nodePath must be the path of a Node binary; got ${JSON.stringify(nodePath)}`,
    );
  });

  it.skipIf(process.platform === "win32")("a nodePath that is no Node is told of with its cure", async () => {
    await using runtime = new NodeRuntime({ driver: createNodeDriver({ nodePath: "/bin/sh" }) });
    await expect(runtime.exec("")).rejects.toMatchObject({
      code: "ERR_SANDBOX_CELL_START",
      message: expect.stringContaining("options.nodePath"),
    });
  });

  it("network: false leaves what is allowed outside without a way, ENOSYS, and the loopback inside alone", async () => {
    const server = createServer((_request, response) => response.end("outside")).listen(0, "127.0.0.1");
    const { port } = await new Promise<AddressInfo>((resolve) =>
      server.once("listening", () => resolve(server.address() as AddressInfo)),
    );
    const code = `
      const ask = (port) => fetch("http://127.0.0.1:" + port).then((answer) => answer.text(), ({ cause }) => cause.code);
      console.log(await ask(${port}));
      const { createServer } = await import("node:http");
      const { once } = await import("node:events");
      const server = createServer((request, response) => response.end("inside")).listen(0, "127.0.0.1");
      await once(server, "listening");
      console.log(await ask(server.address().port));
      server.close();
      const dns = await import("node:dns");
      console.log(await dns.promises.lookup("name.example").catch(({ code }) => code));`;
    const printed = async (network: boolean): Promise<string> => {
      let text = "";
      const permissions = { network: { connect: ["127.0.0.1:*"], dns: ["*"] } };
      await using runtime = new NodeRuntime({
        driver: createNodeDriver({ network, permissions }),
        onStdio: ({ data }) => {
          text += Buffer.from(data).toString();
        },
      });
      await runtime.exec(code, { filePath: "/app/main.mjs" });
      return text;
    };
    try {
      expect(await printed(false)).toBe("ENOSYS\ninside\nENOSYS\n");
      expect(await printed(true)).toMatch(/^outside\ninside\n/);
    } finally {
      server.close();
    }
  });
});
