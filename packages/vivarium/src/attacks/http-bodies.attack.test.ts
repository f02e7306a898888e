import { once } from "node:events";
import { constants, createBrotliCompress, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes } from "../testing/attack.ts";
import { flood, type HostileServer, hostileServer } from "../testing/hostile-server.ts";

afterAll(closePool);

const MiB = 2 ** 20;
const limits = { cpuTimeMs: 15_000, wallTimeMs: 25_000, memoryMiB: 64 };
const allowing = ({ port }: HostileServer) => ({ permissions: { network: { connect: [`127.0.0.1:${port}`] } } });
const head = (...lines: readonly string[]) => ["HTTP/1.1 200 OK", ...lines, "", ""].join("\r\n");
const chunk = (bytes: Uint8Array) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);

const endless = () =>
  hostileServer((socket) => {
    socket.write(head("transfer-encoding: chunked"));
    flood(socket, chunk(Buffer.alloc(65_536, "x")));
  });

/** Ways to take a body, each of which ends with the error it ends with. */
const READERS: Readonly<Record<string, string>> = {
  "fetch, whole": "fetch(url).then((response) => response.arrayBuffer())",
  "fetch, as text": "fetch(url).then((response) => response.text())",
  "fetch, piece by piece": "fetch(url).then(async (response) => { for await (const _ of response.body); })",
  "http, piece by piece":
    "new Promise((resolve, reject) => http.get(url, (response) => response.on('error', reject).on('end', resolve).resume()).on('error', reject))",
};
const reading = (reader: string, port: number) => `
  const http = require("http"), url = "http://127.0.0.1:${port}/";
  const reasons = (error) => (error === undefined ? [] : [error.code, ...reasons(error.cause)]);
  (async () => { await ${reader}; })().then(() => console.log("done"), (error) => {
    console.log(reasons(error).includes("ERR_SANDBOX_BUDGET_EXCEEDED") ? "budget" : error.stack + "\\n" + error.cause?.stack);
    process.exit();
  });`;

describe("a body that never ends", () => {
  it.each(Object.entries(READERS))("ends by limits.networkBytes: %s", async (_name, reader) => {
    await using server = await endless();
    const { result, stdout } = await attack(reading(reader, server.port), {
      driver: allowing(server),
      limits: { ...limits, networkBytes: 16 * MiB },
    });
    expect([result.outcome, stdout]).toEqual(["exit", "budget\n"]);
  });

  it("ends by the guest's memory where it is kept, and by nobody else's", async () => {
    await using server = await endless();
    const { result, stdout } = await attack(reading(READERS["fetch, whole"] as string, server.port), {
      driver: allowing(server),
      limits,
    });
    if (result.outcome === "memory") expect(result).toMatchObject(outcomes.memory);
    else expect(stdout).toMatch(/RangeError: Array buffer allocation failed/);
  });

  it.each([
    ["of a socket", "require('net').connect(PORT, '127.0.0.1', function () { this.write('x'); }).on('data', keep)"],
    [
      "of a response",
      "require('http').get({ port: PORT, host: '127.0.0.1' }, (response) => response.on('data', keep))",
    ],
  ])("ends by the guest's memory where the pieces %s are kept", async (_, reader) => {
    await using server = await hostileServer((socket) => {
      socket.write(head("content-length: 1000000000000"));
      flood(socket, Buffer.alloc(262_144, "x"));
    });
    const code = `const kept = [], keep = (data) => kept.push(data); ${reader.replace("PORT", String(server.port))};`;
    const { result, stderr } = await attack(code, { compat: "full", driver: allowing(server), limits });
    if (result.outcome === "memory") expect(result).toMatchObject(outcomes.memory);
    else expect(stderr).toMatch(/RangeError: Array buffer allocation failed/);
    // As for every bomb: what is handed to the guest is within the bound of the process.
    expect(result.usage.rssMiB).toBeLessThan(3 * limits.memoryMiB + 60);
  });

  it("waits at its server while nobody reads it, and ends by limits.idleTimeMs", async () => {
    await using server = await endless();
    const code = `
      fetch("http://127.0.0.1:${server.port}/").then(async (response) => {
        const reader = response.body.getReader();
        await reader.read();
        // Silence is told to whoever reads on; until then it is the server that waits.
        setTimeout(async () => {
          try { for (;;) if ((await reader.read()).done) break; } catch (error) { console.log(error.cause?.code, error.cause?.sandboxCode); }
        }, 1500);
      });`;
    const { result, stdout } = await attack(code, {
      driver: allowing(server),
      limits: { ...limits, idleTimeMs: 400 },
    });
    expect([result.outcome, stdout]).toEqual(["exit", "ETIMEDOUT ERR_SANDBOX_BUDGET_EXCEEDED\n"]);
    expect(server.sent()).toBeLessThan(32 * MiB);
  });
});

describe("a small body that becomes a gibibyte", () => {
  const bombs: Record<string, Buffer> = {};
  beforeAll(async () => {
    bombs["gzip"] = Buffer.concat(new Array(64).fill(gzipSync(Buffer.alloc(16 * MiB))));
    const brotli = createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
    const parts: Buffer[] = [];
    brotli.on("data", (part) => parts.push(part));
    for (let i = 0; i < 64; i++) brotli.write(Buffer.alloc(16 * MiB));
    brotli.end();
    await once(brotli, "end");
    bombs["br"] = Buffer.concat(parts);
  });

  const serving = (encoding: string) =>
    hostileServer((socket) => {
      const body = bombs[encoding] as Buffer;
      socket.write(head(`content-encoding: ${encoding}`, `content-length: ${body.length}`, "connection: close"));
      socket.end(body);
    });

  it.each(["gzip", "br"])("%s: takes the guest's memory where it is kept", async (encoding) => {
    await using server = await serving(encoding);
    const { result, stdout } = await attack(reading(READERS["fetch, whole"] as string, server.port), {
      driver: allowing(server),
      limits,
    });
    if (result.outcome === "memory") expect(result).toMatchObject(outcomes.memory);
    else expect(stdout).toMatch(/RangeError: Array buffer allocation failed/);
  });

  it.each(["gzip", "br"])("%s: ends by limits.transferBytes, piece by piece", async (encoding) => {
    await using server = await serving(encoding);
    const { result, stdout } = await attack(reading(READERS["fetch, piece by piece"] as string, server.port), {
      driver: allowing(server),
      limits: { ...limits, transferBytes: 128 * MiB },
    });
    expect([result.outcome, result.code, stdout]).toEqual(["exit", 1, ""]);
    expect(result.error).toMatchObject({
      code: "ERR_SANDBOX_BUDGET_EXCEEDED",
      message: expect.stringContaining("raise it with options.limits.transferBytes"),
    });
  });

  it("ten layers of it are refused or cost the run alone", async () => {
    let body: Buffer = gzipSync(Buffer.alloc(16 * MiB));
    for (let i = 1; i < 10; i++) body = gzipSync(body);
    await using server = await hostileServer((socket) => {
      const codings = new Array(10).fill("gzip").join(", ");
      socket.end(
        Buffer.concat([Buffer.from(head(`content-encoding: ${codings}`, `content-length: ${body.length}`)), body]),
      );
    });
    const code = `fetch("http://127.0.0.1:${server.port}/").then(async (r) => console.log((await r.arrayBuffer()).byteLength), (e) => console.log(e.cause?.message));`;
    const { result, stdout } = await attack(code, { driver: allowing(server), limits });
    expect(result.outcome).toBe("exit");
    // Node takes up to five codings.
    expect(stdout).toMatch(/content-encodings|^16777216\n$/);
  });
});
