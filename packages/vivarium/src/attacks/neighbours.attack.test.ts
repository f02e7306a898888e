import { afterAll, describe, expect, it } from "vitest";
import { allowAllChildProcess, closePool, createNodeDriver, NodeRuntime } from "../index.ts";

afterAll(closePool);

const limits = { cpuTimeMs: 20_000, wallTimeMs: 20_000, memoryMiB: 64 };

/** A runtime whose programs may start processes and nothing else. */
function runtime(heard: (text: string) => void) {
  const sandbox = new NodeRuntime({
    driver: createNodeDriver({ permissions: allowAllChildProcess }),
    compat: "full",
    limits,
  });
  const exec = (code: string) =>
    sandbox.exec(code, { filePath: "/app/main.cjs", onStdio: ({ data }) => heard(Buffer.from(data).toString()) });
  return { exec, [Symbol.asyncDispose]: () => sandbox.dispose() };
}

/** A program that runs `child` in a process of its own and ends with it. */
const inChild = (child: string): string => `
  require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" });`;

describe("servers of another process", () => {
  it("are those of the same run: another sandbox's are not there, whoever asks", async () => {
    const ready = Promise.withResolvers<number>();
    let seen = "";
    await using server = runtime((text) =>
      text.startsWith("port ") ? ready.resolve(Number(text.slice(5))) : undefined,
    );
    await using client = runtime((text) => {
      seen += text;
    });
    const served = server.exec(`
      const net = require("net");
      const server = net.createServer((socket) => { console.log("reached"); socket.end("secret"); });
      server.listen(0, "127.0.0.1", () => console.log("port " + server.address().port));
      setTimeout(() => process.exit(0), 15_000);`);
    const port = await ready.promise;
    const connect = `require("net").connect(${port}, "127.0.0.1")
      .on("error", (error) => console.log(error.code)).on("data", (data) => console.log(String(data)));`;
    await client.exec(`${connect}${inChild(connect)}`);
    expect(seen).toBe("EACCES\nEACCES\n");
    await server[Symbol.asyncDispose]();
    await served;
  });

  it("are reached by a bounded number of connections; the others fail as an error of the child", async () => {
    let seen = "";
    await using sandbox = runtime((text) => {
      seen += text;
    });
    const flood = `
      const net = require("net");
      const counts = {};
      let left = 1500;
      const done = (what) => {
        counts[what] = (counts[what] ?? 0) + 1;
        if (--left === 0) { console.log(JSON.stringify(counts)); process.exit(0); }
      };
      for (let i = 0; i < 1500; i++)
        net.connect(Number(process.env.PORT), "127.0.0.1", () => done("open")).on("error", (error) => done(error.code));`;
    const { code } = await sandbox.exec(`
      const server = require("net").createServer((socket) => socket.on("error", () => {}));
      server.listen(0, "127.0.0.1", () => {
        const env = { PORT: String(server.address().port) };
        require("child_process")
          .spawn(process.execPath, ["-e", ${JSON.stringify(flood)}], { stdio: "inherit", env })
          .on("exit", () => server.close());
      });`);
    expect(code).toBe(0);
    const counts = JSON.parse(seen) as Record<string, number>;
    expect(Object.keys(counts).sort()).toEqual(["EMFILE", "open"]);
    expect(counts["open"]).toBeLessThanOrEqual(1024);
  });

  it("that never read what they are sent hold their sender back, not the embedder's memory", async () => {
    let seen = "";
    await using sandbox = runtime((text) => {
      seen += text;
    });
    const pour = `
      const socket = require("net").connect(Number(process.env.PORT), "127.0.0.1");
      const piece = Buffer.alloc(65_536);
      let sent = 0;
      const more = () => socket.write(piece, () => { sent += piece.length; more(); });
      more();
      setTimeout(() => { console.log(sent < 2 ** 20); process.exit(0); }, 1500);`;
    const before = process.memoryUsage.rss();
    await sandbox.exec(`
      const server = require("net").createServer({ pauseOnConnect: true }, (socket) => socket.on("error", () => {}));
      server.listen(0, "127.0.0.1", () => {
        const env = { PORT: String(server.address().port) };
        require("child_process")
          .spawn(process.execPath, ["-e", ${JSON.stringify(pour)}], { stdio: "inherit", env })
          .on("exit", () => process.exit(0));
      });`);
    expect(seen).toBe("true\n");
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 2 ** 20);
  });
});
