import { type AddressInfo, createServer, isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { runGuest } from "../testing/run-guest.ts";

const OWN_LOOKUP = "net with a look-up of its own";

/**
 * Every client of the guest's, as code that calls `tell(error)` or `tell(undefined)` for a connection that came about.
 * `host` is as a URL writes it, `bare` the same without brackets.
 */
const CLIENTS: Readonly<Record<string, string>> = {
  fetch: "fetch(`http://${host}:${port}/`).then(() => tell(), (error) => tell(error.cause ?? error));",
  http: "http.get({ host: bare, port }, () => tell()).on('error', tell);",
  "http by URL": "http.get(`http://${host}:${port}/`, () => tell()).on('error', tell);",
  "http with an agent":
    "http.get({ host: bare, port, agent: new http.Agent({ keepAlive: true }) }, () => tell()).on('error', tell);",
  "http upgrade":
    "http.get({ host: bare, port, headers: { connection: 'upgrade', upgrade: 'x' } }).on('upgrade', () => tell()).on('error', tell);",
  net: "net.connect(port, bare, () => tell()).on('error', tell);",
  [OWN_LOOKUP]:
    "net.connect({ host: 'public.example', port, lookup: (_n, _o, done) => done(null, [{ address: bare, family: net.isIPv6(bare) ? 6 : 4 }]) }, () => tell()).on('error', tell);",
  "net.Socket": "new net.Socket().on('connect', () => tell()).on('error', tell).connect({ host: bare, port });",
  // The standard hides from a program why it failed.
  WebSocket:
    "const socket = new WebSocket(`ws://${host}:${port}/`); socket.onopen = () => tell(); socket.onerror = () => tell({ code: 'hidden' });",
};

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

const program = (port: number, targets: readonly string[]) => `
  const http = require("http"), net = require("net");
  const clients = {
    ${Object.entries(CLIENTS)
      .map(([name, code]) => `${JSON.stringify(name)}: (host, bare, port, tell) => { ${code} }`)
      .join(",\n")}
  };
  /** What a client said, or the first of the errors it tried. */
  const verdict = (error) => {
    const one = error instanceof AggregateError ? error.errors[0] : error;
    return one === undefined ? "REACHED" : one.code === "hidden" ? "refused" : one.code + " " + one.sandboxCode;
  };
  (async () => {
    for (const host of ${JSON.stringify(targets)}) {
      const bare = host.replace(/^\\[|\\]$/g, "");
      for (const [name, connect] of Object.entries(clients)) {
        const said = await new Promise((tell) => connect(host, bare, ${port}, tell));
        console.log(name + " to " + host + ": " + verdict(said));
      }
    }
    process.exit();
  })();`;

describe("no client reaches what no rule names", () => {
  let reached = 0;
  const canary = createServer((socket) => {
    reached += 1;
    socket.destroy();
  });
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => canary.listen(0, "::", resolve));
    ({ port } = canary.address() as AddressInfo);
  });
  afterAll(async () => {
    canary.close();
    await closePool();
  });

  /** What a client says that is refused; Node itself takes no name for the answer of a look-up. */
  const refusal = (client: string, host: string, verdict: string): string => {
    if (client === "WebSocket") return "refused";
    const isAddress = isIP(host.replace(/^\[|\]$/g, "")) !== 0;
    return client === OWN_LOOKUP && !isAddress ? "ERR_INVALID_IP_ADDRESS undefined" : verdict;
  };
  const expected = (targets: readonly string[], verdict: string) =>
    targets.flatMap((host) =>
      Object.keys(CLIENTS).map((client) => `${client} to ${host}: ${refusal(client, host, verdict)}`),
    );

  it.each([
    ["every public address is allowed", { connect: ["*"] }, "EACCES ERR_SANDBOX_ADDRESS_BLOCKED"],
    [
      "blocks are allowed that hold special ones",
      { connect: ["0.0.0.0/0", "::/0", "*"] },
      "EACCES ERR_SANDBOX_ADDRESS_BLOCKED",
    ],
    ["the list is empty", { connect: [] }, "EACCES ERR_SANDBOX_NETWORK_DENIED"],
    ["the port is another", { connect: ["127.0.0.1:1", "[::1]:1"] }, "EACCES ERR_SANDBOX_NETWORK_DENIED"],
  ] as const)("where %s", async (_fact, network, verdict) => {
    const targets = [...TARGETS, ...ownAddresses];
    const { stdout, stderr } = await runGuest(program(port, targets), {
      driver: { permissions: { network } },
      compat: "full",
    });
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n")).toEqual(expected(targets, verdict));
    expect(reached).toBe(0);
  });

  it("the network domain left out denies, and so does a function that does not say yes", async () => {
    const targets = ["127.0.0.1", "93.184.216.34"];
    for (const permissions of [{}, { network: () => false }, { network: () => ({ allow: "yes" }) as never }]) {
      const { stdout } = await runGuest(program(port, targets), { driver: { permissions }, compat: "full" });
      const lines = stdout.trimEnd().split("\n");
      expect(lines).toHaveLength(targets.length * Object.keys(CLIENTS).length);
      for (const line of lines) expect(line).toMatch(/: EACCES ERR_SANDBOX_NETWORK_DENIED$|^WebSocket .*: refused$/);
    }
    expect(reached).toBe(0);
  });

  it("syscalls called past the library are decided all the same", async () => {
    const { stdout } = await runGuest(
      `const { TCP, TCPConnectWrap, constants } = process.binding("tcp_wrap");
       const statuses = ["127.0.0.1", "10.0.0.1", "::ffff:127.0.0.1"].map((address) => {
         const socket = new TCP(constants.SOCKET);
         const connect = address.includes(":") ? "connect6" : "connect";
         return socket[connect](new TCPConnectWrap(), address, ${port});
       });
       console.log(statuses.join());`,
      { driver: { permissions: { network: { connect: ["*"] } } }, compat: "full" },
    );
    expect(stdout).toBe("-13,-13,-13\n");
    expect(reached).toBe(0);
  });

  it("the canary hears who is allowed, so that its silence means something", async () => {
    const options = {
      driver: { permissions: { network: { connect: [`127.0.0.1:${port}`] } } },
      compat: "full",
    } as const;
    const connect = `require("net").connect(${port}, "127.0.0.1").on("connect", () => console.log("in")).on("error", () => {});`;
    const { stdout } = await runGuest(connect, options);
    expect([stdout, reached]).toEqual(["in\n", 1]);
  });
});
