import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { createNodeDriver } from "@vivarium/node-driver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closePool, NodeRuntime } from "../index.ts";
import { Differential } from "./differential.ts";

const file = (name: string): string => fileURLToPath(new URL(`programs/bodies/${name}`, import.meta.url));

/** No two pieces of 64 KiB of it are alike, nor aligned with one another. */
const BODY = Buffer.alloc(6_000_001);
for (let i = 0; i + 4 <= BODY.length; i += 4) BODY.writeUInt32LE(Math.imul(i, 2_654_435_761) >>> 0, i);

const CHUNK = 700_000;
const chunked = (): Buffer[] => {
  const parts: Buffer[] = [];
  for (let at = 0; at < BODY.length; at += CHUNK) {
    const part = BODY.subarray(at, at + CHUNK);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n"));
  }
  return [...parts, Buffer.from("0\r\n\r\n")];
};

/** What the server says by path: the headers, then these bytes; whether it ends the connection then. */
const ANSWERS: Readonly<Record<string, readonly [headers: string, bytes: readonly Buffer[], ends: boolean]>> = {
  "/length": [`content-length: ${BODY.length}`, [BODY], false],
  "/chunked": ["transfer-encoding: chunked", chunked(), false],
  "/closing": ["connection: close", [BODY], true],
  // A body that ends with the connection, whatever else is said of its length.
  "/odd": ["transfer-encoding: gzip", [BODY], true],
  "/both": ["transfer-encoding: gzip\r\ncontent-length: 3000000", [BODY], true],
  "/short": [`content-length: ${BODY.length + 1}`, [BODY], true],
  "/long": [`content-length: ${BODY.length - 100_000}`, [BODY], true],
};

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};

describe("big bodies from a server of the host's", () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (data) => {
      const [, path = ""] = data.toString("latin1").split(" ");
      const [headers, bytes, ends] = ANSWERS[path] ?? ["content-length: 0", [], false];
      socket.write(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`);
      for (const part of bytes) socket.write(part);
      if (ends) socket.end();
    });
  });
  let port = 0;
  beforeAll(async () => {
    port = await listening(server);
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await closePool();
  });

  it.each([
    ["with the native helper", true],
    ["without the native helper", false],
  ] as const)("are read as on Node, %s", async (_, nativeHelper) => {
    const connect = [`127.0.0.1:${port}`];
    const differential = new Differential({ compat: "full", nativeHelper, connect, env: { PORT: String(port) } });
    try {
      const { host, sandbox } = await differential.compare({ file: file("read.cjs") });
      expect(sandbox).toEqual(host);
      const hash = createHash("sha256").update(BODY).digest("hex").slice(0, 16);
      expect(host.stdout).toContain(`/length flowing complete ${BODY.length} ${hash} , end`);
      expect(host.stdout).toContain(`fetch ${hash}`);
    } finally {
      await differential.close();
    }
  });
});

describe("big bodies for a guest's server", () => {
  afterAll(closePool);

  it.each([
    ["with the native helper", true],
    ["without the native helper", false],
  ] as const)("arrive whole, and go back whole to a slow reader, %s", async (_, nativeHelper) => {
    const free = createServer();
    const port = await listening(free);
    await new Promise((resolve) => free.close(resolve));
    const up = Promise.withResolvers<void>();
    await using runtime = new NodeRuntime({
      compat: "full",
      nativeHelper,
      driver: createNodeDriver({
        permissions: { network: { listen: [`127.0.0.1:${port}`] }, env: ["PORT", "COUNT"] },
      }),
      onStdio: () => up.resolve(),
    });
    const env = { PORT: String(port), COUNT: "3" };
    const ended = runtime.run(readFileSync(file("take.cjs"), "utf8"), { filePath: "/app/main.cjs", env });
    void ended.then(({ error }) => up.reject(new Error(`the server ended: ${error?.stack}`)));
    await up.promise;
    const send = (path: string, headers: Record<string, string>): Promise<Buffer> =>
      new Promise((resolve, reject) => {
        const sent = request({ port, host: "127.0.0.1", path, method: "POST", headers, agent: false }, (response) => {
          const pieces: Buffer[] = [];
          response.on("data", (piece: Buffer) => {
            pieces.push(piece);
            response.pause();
            setTimeout(() => response.resume(), pieces.length % 8 === 0 ? 5 : 0);
          });
          response.on("end", () => resolve(Buffer.concat(pieces)));
        });
        sent.on("error", reject).end(BODY);
      });
    const hash = createHash("sha256").update(BODY).digest("hex");
    const length = { "content-length": String(BODY.length) };
    expect(String(await send("/length", length))).toBe(`/length ${BODY.length} ${hash}`);
    expect(String(await send("/chunked", { "transfer-encoding": "chunked" }))).toBe(`/chunked ${BODY.length} ${hash}`);
    expect((await send("/echo", length)).equals(BODY)).toBe(true);
    expect((await ended).code).toBe(0);
  });
});
