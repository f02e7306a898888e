import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allowAllNetwork, closePool, type Permissions } from "../index.ts";
import { Canary } from "../testing/canary.ts";
import { runGuest } from "../testing/run-guest.ts";

/** Every way to spell the host's loopback, its private networks and its metadata that a client may take. */
const FORBIDDEN = [
  ["127.0.0.1", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "127.0.0.1.", "\uff11\uff12\uff17.0.0.1", "localhost"],
  ["0.0.0.0", "0", "::1", "[::1]", "::", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1"],
  ["::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "127.255.255.254", "::1%lo", "fe80::1%lo"],
  ["10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "fc00::1", "::ffff:10.0.0.1", "0x0a.0.0.1", "167772161"],
  ["169.254.169.254", "0xa9fea9fe", "2852039166", "::ffff:a9fe:a9fe", "fd00:ec2::254", "100.100.100.200"],
  ["255.255.255.255", "224.0.0.251", "ff02::fb", "ff02::1%lo", "198.18.0.1"],
].flat();

const canary = new Canary();
beforeAll(() => canary.listen());
afterAll(async () => {
  canary.close();
  await closePool();
});

/** Whoever is asked in the end: everything public is allowed, and more than once. */
const POLICIES: readonly (readonly [string, Permissions])[] = [
  ["allowAllNetwork", allowAllNetwork],
  [
    "rules that name everything but what is special",
    { network: { connect: ["*", "0.0.0.0/0", "*.example.com"], dns: ["*"] } },
  ],
  [
    "rules about another port of loopback",
    { network: { connect: ["127.0.0.1:1", "localhost:1", "[::1]:1"], dns: ["*"] } },
  ],
  ["nothing", {}],
];

describe.each(POLICIES)("datagrams to forbidden addresses, allowed: %s", (_name, permissions) => {
  const run = (code: string) => runGuest(code, { driver: { permissions }, compat: "full" });

  it("none leaves through a socket, however the address is spelled or looked up", async () => {
    const { stdout, stderr, result } = await run(`
      process.noDeprecation = true;
      const dgram = require("dgram");
      const wait = [];
      for (const address of ${JSON.stringify(FORBIDDEN)}) {
        for (const type of ["udp4", "udp6"]) {
          const family = type === "udp4" ? 4 : 6;
          // Nothing looks the address up: what the program says goes to the system as it is.
          const lookup = (_name, _options, done) => done(null, address, family);
          const socket = dgram.createSocket({ type, lookup });
          wait.push(new Promise((resolve) => {
            socket.on("error", () => socket.close(resolve));
            socket.send("x", ${canary.port}, address, () => socket.close(resolve));
          }));
          const connected = dgram.createSocket({ type, lookup });
          wait.push(new Promise((resolve) => {
            connected.on("error", () => connected.close(resolve));
            connected.on("connect", () => connected.send("x", () => connected.close(resolve)));
            connected.connect(${canary.port}, address);
          }));
          // Past the library's own checks.
          const raw = dgram._createSocketHandle("0.0.0.0", 0, "udp4");
          if (typeof raw === "object") { raw.send({}, [Buffer.from("x")], 1, ${canary.port}, address, false); raw.close(); }
        }
      }
      Promise.all(wait).then(() => console.log("tried", wait.length));`);
    expect([stdout, stderr, result.code]).toEqual([`tried ${FORBIDDEN.length * 4}\n`, "", 0]);
    expect(canary.alarms).toBe(0);
  });

  it("no query goes to a server there, over neither protocol", async () => {
    const { stdout, result } = await run(`
      const dns = require("dns");
      const wait = [];
      for (const address of ${JSON.stringify(FORBIDDEN)}) {
        for (const family of [4, 6]) {
          const resolver = new dns.Resolver({ timeout: 50, tries: 1 });
          try { resolver.setServers([(address.includes(":") ? "[" + address + "]" : address) + ":${canary.port}"]); } catch {}
          try { resolver._handle.setServers([[family, address, ${canary.port}]]); } catch {}
          if (resolver.getServers().length === 0 || resolver.getServers()[0] === "127.0.0.1") continue;
          wait.push(new Promise((resolve) => resolver.resolveTxt("www.example.com", (error) => resolve(error?.code))));
        }
      }
      Promise.all(wait).then((codes) => console.log(wait.length > 20, [...new Set(codes)].sort().join()));`);
    expect(result.code).toBe(0);
    expect(stdout).toMatch(/^true (?:EACCES|ECONNREFUSED|ETIMEOUT|,)+\n$/);
    expect(canary.alarms).toBe(0);
  });
});

describe("a server of the guest's own on a port that the host has too", () => {
  it("is asked inside, and has nobody ask the host's in its place", async () => {
    const program = `
      const dgram = require("dgram");
      const { Resolver } = require("dns").promises;
      const server = dgram.createSocket("udp4");
      server.on("message", (query, { port, address }) => {
        // Cut short: it is to be asked again over TCP, where only the host listens.
        const answer = Buffer.from(query);
        answer[2] = 0x83;
        server.send(answer, port, address);
      });
      server.bind(${canary.port}, "127.0.0.1", async () => {
        const resolver = new Resolver({ timeout: 50, tries: 1 });
        resolver.setServers(["127.0.0.1:${canary.port}"]);
        console.log(await resolver.resolve4("www.example.com").catch((error) => error.code));
        server.close();
      });`;
    const permissions = { network: { connect: ["*"], dns: ["*"] } };
    const { stdout, stderr } = await runGuest(program, { driver: { permissions }, compat: "full" });
    expect([stdout, stderr, canary.alarms]).toEqual(["EACCES\n", "", 0]);
  });
});

describe("the canary", () => {
  it("hears what reaches it", async () => {
    expect(await canary.test()).toBe(1);
  });

  it("hears a guest that a rule lets through, by a socket and by a query", async () => {
    const permissions = { network: { connect: [`127.0.0.1:${canary.port}`], dns: ["*"] } };
    const { stdout } = await runGuest(
      `const socket = require("dgram").createSocket("udp4");
      socket.send("x", ${canary.port}, "127.0.0.1", () => socket.close());
      const resolver = new (require("dns").Resolver)({ timeout: 100, tries: 1 });
      resolver.setServers(["127.0.0.1:${canary.port}"]);
      resolver.resolve4("www.example.com", (error) => console.log(error.code));`,
      { driver: { permissions }, compat: "full" },
    );
    expect([stdout, canary.alarms]).toEqual(["ETIMEOUT\n", 2]);
    canary.alarms = 0;
  });
});
