import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes } from "../testing/attack.ts";
import { type HostileServer, hostileServer } from "../testing/hostile-server.ts";

afterAll(closePool);

const limits = { cpuTimeMs: 20_000, wallTimeMs: 30_000, memoryMiB: 256 };
const allowing = ({ port }: HostileServer) => ({ permissions: { network: { connect: [`127.0.0.1:${port}`] } } });

/** Counts errors by their codes, and ends the program when as many things have come about as were begun. */
const counting = (most: number) => `
  const codes = {};
  let open = 0, all = 0;
  const settled = () => { if (++all === ${most}) { console.log(open, JSON.stringify(codes)); process.exit(); } };
  const opened = () => { open += 1; settled(); };
  const failed = ({ code, sandboxCode }) => { const name = code + " " + sandboxCode; codes[name] = (codes[name] ?? 0) + 1; settled(); };`;

describe("ten thousand sockets", () => {
  it.each<[client: string, count: number, connect: string]>([
    ["net", 10_000, `net.connect(port, "127.0.0.1", opened).on("error", failed)`],
    [
      "http",
      10_000,
      `http.get({ port, host: "127.0.0.1", agent: false }).on("socket", (s) => s.on("connect", opened)).on("error", failed)`,
    ],
    // More of TLS at once has a cap of its own (tls.attack.test.ts), at which a guest pays for each with a collection.
    ["tls", 2000, `tls.connect({ port, host: "127.0.0.1", secureContext }).on("connect", opened).on("error", failed)`],
    [
      "tls over net",
      2000,
      `tls.connect({ socket: net.connect(port, "127.0.0.1", opened).on("error", failed), secureContext }).on("error", () => {})`,
    ],
  ])("to an allowed server end in limits.sockets: %s", async (_client, count, connect) => {
    await using server = await hostileServer(() => undefined, true);
    const code = `${counting(count)}
      const net = require("net"), http = require("http"), tls = require("tls"), port = ${server.port};
      const secureContext = tls.createSecureContext();
      for (let i = 0; i < ${count}; i++) ${connect};`;
    const { result, stdout } = await attack(code, { compat: "full", driver: allowing(server), limits });
    expect(result).toMatchObject(outcomes.exit(0));
    // Which of the two budgets a connection meets first, places or calls under way, is the same to it.
    const [open, codes] = stdout.trimEnd().split(" {");
    const refused = JSON.parse(`{${codes}`) as Record<string, number>;
    for (const code of Object.keys(refused)) expect(code).toMatch(/^(EMFILE|ENOBUFS) ERR_SANDBOX_BUDGET_EXCEEDED$/);
    expect(Object.values(refused).reduce((sum, part) => sum + part, Number(open))).toBe(count);
    expect(open).toBe("256");
    expect(server.seen).toMatchObject({ all: 256, most: 256 });
  });

  it("to an allowed server end in limits.sockets: fetch, of which each is told", async () => {
    await using server = await hostileServer(() => undefined, true);
    const code = `${counting(10_000 - 256)}
      for (let i = 0; i < 10_000; i++) fetch("http://127.0.0.1:${server.port}/").then(opened, ({ cause }) => failed(cause));`;
    const { result, stdout } = await attack(code, { driver: allowing(server), limits });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toMatch(
      /^0 \{"(?:EMFILE|ENOBUFS) ERR_SANDBOX_BUDGET_EXCEEDED":\d+,"(?:EMFILE|ENOBUFS) ERR_SANDBOX_BUDGET_EXCEEDED":\d+\}\n$/,
    );
    expect(server.seen.most).toBeLessThanOrEqual(256);
  });

  it("one after the other are no attack: each makes room", async () => {
    await using server = await hostileServer((socket) => socket.end(), true);
    const code = `
      const net = require("net");
      let count = 0;
      const next = () => {
        if (count++ === 2000) return void console.log("all");
        net.connect(${server.port}, "127.0.0.1").on("error", (error) => { throw error; }).on("close", next).resume().end();
      };
      next();`;
    const { result, stdout } = await attack(code, {
      compat: "full",
      driver: allowing(server),
      limits: { ...limits, sockets: 4 },
    });
    expect([result.code, stdout]).toEqual([0, "all\n"]);
    expect(server.seen.all).toBe(2000);
  });

  it("inside the sandbox end in a budget too", async () => {
    const code = `${counting(10_000)}
      const net = require("net");
      const server = net.createServer((socket) => socket.on("error", () => {})).listen(0, "127.0.0.1", 10_000, () => {
        for (let i = 0; i < 10_000; i++) net.connect(server.address().port, "127.0.0.1", opened).on("error", failed);
      });`;
    const { result, stdout } = await attack(code, { compat: "full", limits });
    expect(result).toMatchObject(outcomes.exit(0));
    const [open = "", codes = ""] = stdout.split(" {");
    expect(Number(open)).toBeGreaterThan(1000);
    expect(Number(open)).toBeLessThanOrEqual(2048);
    expect(codes).toMatch(/^"EMFILE [^"]+":\d+\}\n$/);
  });

  it("that listen end in a budget too", async () => {
    const code = `${counting(10_000)}
      const net = require("net");
      for (let i = 0; i < 10_000; i++) net.createServer().on("error", failed).listen(0, "127.0.0.1", opened);`;
    const { result, stdout } = await attack(code, { compat: "full", limits });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toMatch(/^4096 \{"EMFILE [^"]+":5904\}\n$/);
  });

  it("for datagrams end in limits.sockets outside, and in a budget inside", async () => {
    const code = `${counting(10_000)}
      const dgram = require("dgram");
      for (let i = 0; i < 10_000; i++) {
        const socket = dgram.createSocket("udp4").on("error", failed);
        socket.send("x", 9, "127.0.0.1", (error) => (error ? failed(error) : opened()));
      }`;
    const driver = { permissions: { network: { connect: ["127.0.0.1:9"] } } };
    const { result, stdout } = await attack(code, { compat: "full", driver, limits });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toMatch(/^256 \{.*"EMFILE ERR_SANDBOX_BUDGET_EXCEEDED":\d+/);
  });
});
