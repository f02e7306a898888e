import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closePool, type Permissions } from "../index.ts";
import { Canary } from "../testing/canary.ts";
import { CLIENTS, expectedLines, tryAll } from "../testing/network-clients.ts";
import { runGuest } from "../testing/run-guest.ts";

/** The machine's own loopback, and everything that leads to it or to a neighbour, in every spelling. */
const TARGETS: readonly string[] = [
  "127.0.0.1",
  "127.0.0.2",
  "127.1",
  "2130706433",
  "0x7f000001",
  "0177.0.0.1",
  "0x7f.0.0.1",
  "[::1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::127.0.0.1]",
  "0.0.0.0",
  "[::]",
  "localhost",
  "10.0.0.1",
  "172.16.0.1",
  "192.168.0.1",
  "100.64.0.1",
  "169.254.169.254",
  "[fd00:ec2::254]",
  "[fe80::1]",
  "[64:ff9b::7f00:1]",
  "[2002:7f00:1::]",
];

/** Addresses of the machine beside loopback: a canary that listens everywhere hears there too. */
const ownAddresses = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .filter(({ internal, family }) => !internal && family === "IPv4")
  .map(({ address }) => address);

const NAME_DENIED = "EACCES ERR_SANDBOX_NETWORK_DENIED";
const BLOCKED = "EACCES ERR_SANDBOX_ADDRESS_BLOCKED";

const canary = new Canary();
beforeAll(() => canary.listen());
afterAll(async () => {
  canary.close();
  await closePool();
});

/** Runs a program and counts, for each line it prints, the denials that the host decided since the line before. */
async function told(code: string, permissions: Permissions) {
  const lines: string[] = [];
  const denials: number[] = [];
  let since = 0;
  let rest = "";
  let stderr = "";
  await runGuest(code, {
    compat: "full",
    driver: { permissions },
    // Decisions and output arrive in the order in which they were made.
    onDecision: ({ allowed }) => {
      if (!allowed) since += 1;
    },
    onStdio: ({ channel, data }) => {
      const text = new TextDecoder().decode(data);
      if (channel === "stderr") stderr += text;
      const parts = (rest + (channel === "stdout" ? text : "")).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        lines.push(line);
        denials.push(since);
        since = 0;
      }
    },
  });
  return { lines, denials, stderr };
}

describe("no client reaches what no rule names", () => {
  it.each([
    ["every public address is allowed", { connect: ["*"], dns: ["*"] }, BLOCKED],
    ["blocks are allowed that hold special ones", { connect: ["0.0.0.0/0", "::/0", "*"] }, BLOCKED],
    ["the list is empty", { connect: [] }, NAME_DENIED],
    ["the port is another", { connect: ["127.0.0.1:1", "[::1]:1"], dns: ["*"] }, NAME_DENIED],
  ] as const)("where %s", async (_fact, network, verdict) => {
    const targets = [...TARGETS, ...ownAddresses];
    const { lines, denials, stderr } = await told(tryAll(canary.port, targets), { network });
    expect(stderr).toBe("");
    expect(lines).toEqual(expectedLines(targets, verdict));
    // What a standard hides from the program, the host has decided all the same; Node alone refuses only this.
    const undecided = lines.filter((_line, index) => denials[index] === 0);
    expect(undecided.filter((line) => !line.endsWith("ERR_INVALID_IP_ADDRESS undefined"))).toEqual([]);
    expect(canary.alarms).toBe(0);
  });

  it("the network domain left out denies, and so does a function that does not say yes", async () => {
    const targets = ["127.0.0.1", "93.184.216.34", "denied.example"];
    for (const permissions of [{}, { network: () => false }, { network: () => ({ allow: "yes" }) as never }]) {
      const { lines } = await told(tryAll(canary.port, targets), permissions);
      expect(lines).toEqual(expectedLines(targets, NAME_DENIED));
    }
    expect(canary.alarms).toBe(0);
  });

  it("a child process and a thread are refused the same", async () => {
    const targets = ["127.0.0.1", "[::ffff:127.0.0.1]", "localhost", "169.254.169.254"];
    const code = tryAll(canary.port, targets);
    const permissions = { network: { connect: ["*"], dns: ["*"] }, childProcess: { commands: ["node"] } };
    const child = `console.log(require("child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(code)}]) + "");`;
    const thread = `new (require("worker_threads").Worker)(${JSON.stringify(code)}, { eval: true });`;
    for (const program of [child, thread]) {
      const { lines, stderr } = await told(program, permissions);
      expect(stderr).toBe("");
      expect(lines.filter((line) => line !== "")).toEqual(expectedLines(targets, BLOCKED));
    }
    expect(canary.alarms).toBe(0);
  });

  it("EventSource is refused, which the host alone is told", async () => {
    const targets = TARGETS.filter((host) => host !== "localhost");
    const code = `(async () => {
      for (const host of ${JSON.stringify(targets)}) {
        const source = new EventSource("http://" + host + ":${canary.port}/");
        const said = await new Promise((tell) => { source.onopen = () => tell("open"); source.onerror = () => tell("error"); });
        source.close();
        console.log(host, said);
      }
    })();`;
    const flags = ["--experimental-eventsource", "--no-warnings", "-e", code];
    const { lines, denials, stderr } = await told(
      `console.log(require("child_process").execFileSync(process.execPath, ${JSON.stringify(flags)}) + "");`,
      { network: { connect: ["*"] }, childProcess: { commands: ["node"] } },
    );
    expect(stderr).toBe("");
    expect(lines.filter((line) => line !== "")).toEqual(targets.map((host) => `${host} error`));
    expect(denials[0]).toBe(targets.length);
    expect(canary.alarms).toBe(0);
  });

  it("syscalls called past the library are decided all the same", async () => {
    const { stdout } = await runGuest(
      `const { TCP, TCPConnectWrap, constants } = process.binding("tcp_wrap");
       const statuses = ["127.0.0.1", "10.0.0.1", "::ffff:127.0.0.1"].map((address) => {
         const socket = new TCP(constants.SOCKET);
         const connect = address.includes(":") ? "connect6" : "connect";
         return socket[connect](new TCPConnectWrap(), address, ${canary.port});
       });
       console.log(statuses.join());`,
      { driver: { permissions: { network: { connect: ["*"] } } }, compat: "full" },
    );
    expect(stdout).toBe("-13,-13,-13\n");
    expect(canary.alarms).toBe(0);
  });

  it("the canary hears every client that is allowed, so that its silence means something", async () => {
    // What the clients that speak at once make of a server that hangs up is their own affair.
    for (const [name, { code }] of Object.entries(CLIENTS)) {
      canary.alarms = 0;
      const program = `
        const [dns, http, http2, https, net, tls] = ["dns", "http", "http2", "https", "net", "tls"].map(require);
        const host = "127.0.0.1", bare = host, port = ${canary.port}, tell = () => {};
        setTimeout(() => process.exit(), 10_000).unref();
        { ${code} }`;
      const network = { connect: [`127.0.0.1:${canary.port}`], dns: ["*"] };
      await runGuest(program, { driver: { permissions: { network } }, compat: "full" });
      expect([name, canary.alarms > 0]).toEqual([name, true]);
    }
    canary.alarms = 0;
  });
});

describe("names that no rule allows", () => {
  const TYPES = ["A", "AAAA", "ANY", "CAA", "CNAME", "MX", "NAPTR", "NS", "PTR", "SOA", "SRV", "TLSA", "TXT"];
  const tryNames = (names: readonly string[]) => `
    const dns = require("dns");
    const own = new dns.Resolver();
    const atCanary = new dns.Resolver({ timeout: 200, tries: 1 });
    atCanary.setServers(["127.0.0.1:${canary.port}"]);
    const ways = {
      lookup: (name, done) => dns.lookup(name, done),
      "lookup of all": (name, done) => dns.lookup(name, { all: true, family: 4 }, done),
      "promised lookup": (name, done) => dns.promises.lookup(name).then(() => done(), done),
      reverse: (_name, done) => dns.reverse("93.184.216.34", done),
      lookupService: (_name, done) => dns.lookupService("93.184.216.34", 80, done),
    };
    for (const type of ${JSON.stringify(TYPES)}) {
      ways["resolve " + type] = (name, done) => dns.resolve(name, type, done);
      ways["resolver " + type] = (name, done) => own.resolve(name, type, done);
      ways["promised " + type] = (name, done) => dns.promises.resolve(name, type).then(() => done(), done);
      ways["canary " + type] = (name, done) => atCanary.resolve(name, type, done);
    }
    (async () => {
      for (const name of ${JSON.stringify(names)})
        for (const [way, ask] of Object.entries(ways)) {
          const error = await new Promise((done) => ask(name, done));
          const { code, sandboxCode } = error ?? {};
          if (code !== "EACCES" || sandboxCode !== "ERR_SANDBOX_NETWORK_DENIED") console.log(way, name, code, sandboxCode);
        }
      console.log(Object.keys(ways).length + " ways");
    })();`;

  it.each([
    ["the lists are empty", {}],
    ["other names are allowed", { network: { connect: ["allowed.example:443"], dns: ["*.allowed.example"] } }],
    ["the server is allowed and the name is not", { network: { connect: ["1.1.1.1:53"], dns: ["allowed.example"] } }],
  ] as const)("are asked of nobody where %s", async (_fact, permissions) => {
    const names = ["denied.example", "DENIED.example.", "secret-0123.evil.example", "allowed.example.evil.example"];
    const { lines, denials, stderr } = await told(tryNames(names), permissions);
    expect([stderr, lines]).toEqual(["", ["57 ways"]]);
    expect(denials[0]).toBeGreaterThanOrEqual(57 * names.length);
    expect(canary.alarms).toBe(0);
  });
});
