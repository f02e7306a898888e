import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes } from "../testing/attack.ts";
import { drip, flood, type HostileServer, hostileServer } from "../testing/hostile-server.ts";

afterAll(closePool);

const limits = { cpuTimeMs: 10_000, wallTimeMs: 20_000, memoryMiB: 64 };
const allowing = ({ port }: HostileServer) => ({ permissions: { network: { connect: [`127.0.0.1:${port}`] } } });

/** A port nobody has: asked of the system, and given back. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What a peer of a guest's server hears until the end of its connection. */
async function hear(port: number, speak: (socket: Socket) => void): Promise<string> {
  let heard = "";
  const socket = connect(port, "127.0.0.1", () => speak(socket));
  socket.on("data", (data) => {
    heard += data;
  });
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.once("close", resolve));
  return heard;
}

/** Runs a guest's server at a port of the host, and peers against it as soon as it listens. */
async function besiege(code: string, peers: (port: number) => Promise<void>, more: object = {}) {
  const port = await freePort();
  const listening = Promise.withResolvers<void>();
  const siege = listening.promise.then(() => peers(port));
  const run = await attack(code.replaceAll("PORT", String(port)), {
    compat: "full",
    bindings: { host: { listening: () => listening.resolve(), over: () => siege } },
    driver: { permissions: { network: { listen: [`127.0.0.1:${port}`] } } },
    limits: { ...limits, ...more },
  });
  await siege;
  return run;
}

const SERVER = (options: string) => `
  const http = require("http");
  const server = http.createServer(${options}, (request, response) => response.end("served"));
  server.listen(PORT, "127.0.0.1", () => { host.listening(); host.over().then(() => process.exit()); });`;
const HONEST = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe("slow peers of a guest's server", () => {
  it("are ended by its own time limits while others are served: half a header, a body that drips", async () => {
    const heard: string[] = [];
    const { result, stderr } = await besiege(
      SERVER("{ headersTimeout: 500, requestTimeout: 900, connectionsCheckingInterval: 50 }"),
      async (port) => {
        const slow = many(100, (i) =>
          hear(port, (socket) => {
            socket.write(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n${i % 2 ? "\r\n" : ""}`);
            drip(socket, i % 2 ? "x" : "x: y\r\n", 100);
          }),
        );
        const honest = await Promise.all(many(20, () => hear(port, (socket) => socket.write(HONEST))));
        for (const answer of honest) expect(answer).toMatch(/^HTTP\/1\.1 200 .*served/s);
        heard.push(...(await Promise.all(slow)));
      },
    );
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stderr).toBe("");
    const late = heard.filter((answer) => answer.startsWith("HTTP/1.1 408 Request Timeout"));
    // One whose request was served before its body came hears of that first.
    expect(late.length + heard.filter((answer) => answer.startsWith("HTTP/1.1 200 OK")).length).toBe(100);
    expect(late.length).toBeGreaterThanOrEqual(50);
  });

  it("that say nothing are ended by limits.idleTimeMs, whatever the server thinks of them", async () => {
    const server = `
      const server = require("net").createServer((socket) => socket.on("error", () => {}));
      server.listen(PORT, "127.0.0.1", () => { host.listening(); host.over().then(() => process.exit()); });`;
    const { result } = await besiege(
      server,
      async (port) => {
        const heard = await Promise.all(many(100, () => hear(port, () => undefined)));
        expect(heard.join("")).toBe("");
      },
      { idleTimeMs: 300 },
    );
    expect(result).toMatchObject(outcomes.exit(0));
  });

  it("past limits.sockets are broken off, and there is room again once some have gone", async () => {
    const { result } = await besiege(
      SERVER("{}"),
      async (port) => {
        const kept = many(8, () => connect(port, "127.0.0.1").on("error", () => undefined));
        await Promise.all(kept.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
        expect(await hear(port, (socket) => socket.write(HONEST))).toBe("");
        for (const socket of kept) socket.destroy();
        let answer = "";
        while (!answer.includes("served")) answer = await hear(port, (socket) => socket.write(HONEST));
      },
      { sockets: 8 },
    );
    expect(result).toMatchObject(outcomes.exit(0));
  });
});

describe("slow servers of a guest's client", () => {
  it.each([
    ["fetch", "fetch(url)"],
    ["http", "new Promise((resolve, reject) => http.get(url, resolve).on('error', reject))"],
  ])("%s: one that drips its header for ever ends with the run's time", async (_name, ask) => {
    await using server = await hostileServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      drip(socket, "x: y\r\n", 20);
    });
    const code = `const http = require("http"), url = "http://127.0.0.1:${server.port}/"; ${ask}.then(() => console.log("answered"));`;
    const { result, stdout } = await attack(code, {
      driver: allowing(server),
      limits: { ...limits, wallTimeMs: 1500 },
    });
    expect(result).toMatchObject(outcomes.wall);
    expect(stdout).toBe("");
  });

  it("one that never answers ends by limits.idleTimeMs", async () => {
    await using server = await hostileServer(() => undefined);
    const code = `fetch("http://127.0.0.1:${server.port}/").catch(({ cause }) => console.log(cause.code, cause.sandboxCode));`;
    const { result, stdout } = await attack(code, { driver: allowing(server), limits: { ...limits, idleTimeMs: 300 } });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toBe("ETIMEDOUT ERR_SANDBOX_BUDGET_EXCEEDED\n");
  });
});

describe("a guest that is slow itself", () => {
  it("holds no more connections of a server than limits.sockets, and none in silence for longer than limits.idleTimeMs", async () => {
    await using server = await hostileServer(() => undefined, true);
    const code = `
      const net = require("net");
      const codes = {};
      let open = 0;
      for (let i = 0; i < 500; i++) {
        const socket = net.connect(${server.port}, "127.0.0.1", () => { open += 1; socket.write("GET / HTTP/1.1\\r\\n"); });
        socket.on("error", ({ code, sandboxCode }) => { codes[code + " " + sandboxCode] = (codes[code + " " + sandboxCode] ?? 0) + 1; });
      }
      process.on("exit", () => console.log(open, JSON.stringify(codes)));`;
    const { result, stdout } = await attack(code, {
      compat: "full",
      driver: allowing(server),
      limits: { ...limits, sockets: 50, idleTimeMs: 500 },
    });
    expect(result).toMatchObject(outcomes.exit(0));
    const expected = {
      "EMFILE ERR_SANDBOX_BUDGET_EXCEEDED": 450,
      "ETIMEDOUT ERR_SANDBOX_BUDGET_EXCEEDED": 50,
    };
    expect(stdout).toBe(`50 ${JSON.stringify(expected)}\n`);
    expect(server.seen).toMatchObject({ all: 50, most: 50 });
  });
});

describe("floods of header", () => {
  const readers = {
    fetch: "fetch(url).catch((error) => { throw error.cause; })",
    http: "new Promise((resolve, reject) => http.get(url, resolve).on('error', reject))",
  };
  const OVERFLOW = "UND_ERR_HEADERS_OVERFLOW\nHPE_HEADER_OVERFLOW\n";

  it.each<[what: string, start: string, piece: string, codes: string]>([
    ["one of 64 KiB", "", `x: ${"y".repeat(65_536)}\r\n`, OVERFLOW],
    ["one that never ends", "", `x: ${"y".repeat(1000)}\r\n`, OVERFLOW],
    ["a name that never ends", "", "y".repeat(1000), OVERFLOW],
    // An answer is there already; http tells of trailers by breaking it off.
    [
      "trailers that never end",
      "transfer-encoding: chunked\r\n\r\n0\r\n",
      `x: ${"y".repeat(1000)}\r\n`,
      "UND_ERR_HEADERS_OVERFLOW\nECONNRESET\n",
    ],
  ])("of a server: %s ends as on Node, and the server is not read on", async (_what, start, piece, codes) => {
    await using server = await hostileServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${start}`);
      flood(socket, piece);
    });
    const code = `
      const http = require("http"), url = "http://127.0.0.1:${server.port}/";
      const read = async (response) => { for await (const _ of response.body ?? response); };
      (async () => {
        for (const ask of [() => ${readers.fetch}, () => ${readers.http}]) {
          const error = await ask().then(read).catch((error) => error.cause ?? error);
          console.log(error?.code);
        }
        process.exit();
      })();`;
    const { result, stdout } = await attack(code, { driver: allowing(server), limits });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toBe(codes);
    expect(server.sent()).toBeLessThan(16 * 2 ** 20);
  });

  it("of a peer of a guest's server: 431 as on Node, and others are served", async () => {
    const { result } = await besiege(SERVER("{}"), async (port) => {
      const long = await hear(port, (socket) => {
        socket.write(`GET / HTTP/1.1\r\nhost: a\r\nx: ${"y".repeat(65_536)}\r\n\r\n`);
      });
      expect(long).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large/);
      await Promise.all(
        many(10, () =>
          hear(port, (socket) => {
            socket.write("GET / HTTP/1.1\r\n");
            flood(socket, `x: ${"y".repeat(1000)}\r\n`);
          }),
        ),
      );
      expect(await hear(port, (socket) => socket.write(HONEST))).toContain("served");
    });
    expect(result).toMatchObject(outcomes.exit(0));
  });
});
