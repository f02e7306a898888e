import { afterAll, describe, expect, it } from "vitest";
import { closePool, createNodeDriver, NodeRuntime } from "./index.ts";

const guest = (compat: "baseline" | "full" = "baseline") => new NodeRuntime({ driver: createNodeDriver(), compat });

const text = async (stream: AsyncIterable<Uint8Array>): Promise<string> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};

/** Starts somebody who serves port 8080 until it is told to leave. */
const program = (start: string, serves: string) => `
  if (!(${serves})) ${start};
  else require("http").createServer((request, response) => {
    if (request.url !== "/leave") return response.end("served " + request.url);
    response.write("going");
    setTimeout(() => process.exit(), 20);
  }).listen(8080);`;

describe("from the host into a guest's servers", () => {
  afterAll(closePool);

  it("runtime.fetch() waits until the program listens and asks it", async () => {
    await using runtime = guest();
    const ended = runtime.exec(`
      const server = require("http").createServer((request, response) => {
        response.setHeader("set-cookie", ["a=1", "b=2"]);
        response.writeHead(201, { "x-host": request.headers.host });
        request.pipe(response).on("finish", () => server.close());
        response.write(request.method + " " + request.url + " ");
      });
      setTimeout(() => server.listen(8080), 20);`);
    const response = await runtime.fetch(8080, "http://guest.example/path?q=1", { method: "POST", body: "body" });
    expect([response.status, response.headers.get("x-host")]).toEqual([201, "guest.example"]);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await response.text()).toBe("POST /path?q=1 body");
    expect((await ended).code).toBe(0);
  });

  it("the body arrives while the guest still writes it, and giving it up tells the guest", async () => {
    await using runtime = guest();
    const ended = runtime.exec(`
      const server = require("http").createServer((request, response) => {
        response.write("first");
        response.on("close", () => server.close());
      }).listen(80);`);
    const response = await runtime.fetch(80, "http://guest/");
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value as Uint8Array)).toBe("first");
    await reader?.cancel();
    expect((await ended).code).toBe(0);
  });

  it("runtime.connect() is a TCP connection, of 4 MB both ways too, and half closes", async () => {
    await using runtime = guest("full");
    const ended = runtime.exec(`
      const server = require("net").createServer({ allowHalfOpen: true }, (socket) => {
        socket.pipe(socket);
        server.close();
      }).listen(5000, "::1");`);
    const connection = await runtime.connect(5000);
    const sent = "0123456789abcdef".repeat(256 * 1024);
    connection.end(sent);
    expect(await text(connection)).toBe(sent);
    expect((await ended).code).toBe(0);
  });

  it("nobody there is ERR_SANDBOX_NOT_SERVED: nothing runs, or it ended without listening", async () => {
    await using runtime = guest();
    await expect(runtime.connect(8080)).rejects.toMatchObject({ code: "ERR_SANDBOX_NOT_SERVED" });
    const ended = runtime.exec("");
    await expect(runtime.fetch(8080, "http://guest/")).rejects.toMatchObject({ code: "ERR_SANDBOX_NOT_SERVED" });
    expect((await ended).code).toBe(0);
    await expect(runtime.connect(0)).rejects.toMatchObject({ code: "ERR_SANDBOX_INVALID_OPTIONS" });
  });

  it("an aborted signal ends the wait", async () => {
    await using runtime = guest();
    const stop = new AbortController();
    const ended = runtime.exec("setInterval(() => {}, 1000)", { signal: stop.signal });
    const waiting = runtime.fetch(8080, "http://guest/", { signal: AbortSignal.timeout(50) });
    await expect(waiting).rejects.toMatchObject({ name: "TimeoutError" });
    stop.abort();
    expect((await ended).outcome).toBe("aborted");
  });

  it("a program that ends under a connection ends the connection", async () => {
    await using runtime = guest("full");
    const ended = runtime.exec(
      `require("net").createServer((socket) => socket.once("data", () => process.exit(3))).listen(5000);`,
    );
    const connection = await runtime.connect(5000);
    connection.write("x");
    expect(await text(connection)).toBe("");
    expect((await ended).code).toBe(3);
  });

  describe.each([
    ["a forked child", `require("child_process").fork(__filename, ["serve"])`, `process.argv[2] === "serve"`],
    [
      "a child of a child",
      `require("child_process").spawn("node", ["-e", "require('child_process').fork('/app/main.cjs', ['serve'])"])`,
      `process.argv[2] === "serve"`,
    ],
    ["a thread", `new (require("worker_threads").Worker)(__filename)`, `!require("worker_threads").isMainThread`],
  ])("the server of %s", (_who, start, serves) => {
    it("is found by its port, and its end ends the connection", async () => {
      const driver = createNodeDriver({
        permissions: { childProcess: { commands: ["node"] }, fs: { read: ["/app/**"] } },
        fs: { files: { "/app/main.cjs": program(start, serves) } },
      });
      await using runtime = new NodeRuntime({ driver, compat: "full" });
      const ended = runtime.execProgram({ kind: "file", filePath: "/app/main.cjs" });
      const first = await runtime.fetch(8080, "http://guest/a");
      expect(await first.text()).toBe("served /a");
      const second = await runtime.fetch(8080, "http://guest/leave", { headers: { connection: "keep-alive" } });
      await expect(second.text()).rejects.toThrow();
      expect((await ended).code).toBe(0);
    });
  });

  it("a server that closes and listens again is found again, in whichever process", async () => {
    await using runtime = new NodeRuntime({
      driver: createNodeDriver({ permissions: { childProcess: { commands: ["node"] } } }),
      compat: "full",
    });
    const code = (then: string) => `require("http").createServer(function (request, response) {
      this.close();
      response.setHeader("connection", "close");
      response.end(String(process.pid));
      ${then}
    }).listen(8080);`;
    const ended = runtime.exec(
      code(`setTimeout(() => require("child_process").spawn("node", ["-e", ${JSON.stringify(code(""))}]), 20);`),
    );
    const ask = async () => (await runtime.fetch(8080, "http://guest/")).text();
    expect(await ask()).not.toBe(await ask());
    expect((await ended).code).toBe(0);
  });
});
