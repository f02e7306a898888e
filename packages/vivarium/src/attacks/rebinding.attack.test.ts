import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { closePool, type Permissions } from "../index.ts";
import { expectedLines, tryAll } from "../testing/network-clients.ts";
import { runGuest } from "../testing/run-guest.ts";

/** A public address that no test connects to. */
const PUBLIC = "93.184.216.34";
/** Where a rule lets the guest go: another address of the same machine, on the canary's port. */
const ALLOWED = "127.0.0.2";
const CANARY = "127.0.0.1";
/** What a resolver under an attacker's hand turns to. */
const REBOUND = ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.7", "169.254.169.254", "fd00:ec2::254", "0.0.0.0"];

const arrived = { [CANARY]: 0, [ALLOWED]: 0 };
const servers = [CANARY, ALLOWED].map((address) =>
  createServer((socket: Socket) => {
    arrived[address as keyof typeof arrived] += 1;
    socket.on("error", () => undefined).end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
  }),
);
let port = 0;
beforeAll(async () => {
  for (const [index, server] of servers.entries()) {
    await new Promise<void>((resolve) => server.listen(port, [CANARY, ALLOWED][index], resolve));
    ({ port } = server.address() as AddressInfo);
  }
});
afterEach(() => {
  arrived[CANARY] = 0;
  arrived[ALLOWED] = 0;
});
afterAll(async () => {
  for (const server of servers) server.close();
  await closePool();
});

/** A resolver that answers each question about a name with the next of these answers, the last one for ever. */
class Resolver {
  readonly asked: string[] = [];
  readonly #answers: readonly (readonly string[])[];

  constructor(...answers: readonly (readonly string[])[]) {
    this.#answers = answers;
  }

  readonly lookup = async (hostname: string, { family }: { family: number }): Promise<readonly string[]> => {
    const answer = this.#answers[Math.min(this.asked.push(hostname), this.#answers.length) - 1] ?? [];
    return answer.filter((address) => family === 0 || (family === 6) === address.includes(":"));
  };
}

const run = (code: string, resolver: Resolver, permissions?: Permissions) =>
  runGuest(code, {
    compat: "full",
    driver: {
      network: { lookup: resolver.lookup },
      permissions: permissions ?? { network: { connect: [`rebind.example:${port}`, `${ALLOWED}:${port}`] } },
    },
  });

const said = `const said = (error) => { const one = error.cause ?? error; const { code, sandboxCode, address } = one.errors?.[0] ?? one; return code + " " + sandboxCode + " " + address; };`;
const blocked = (address: string): string => `EACCES ERR_SANDBOX_ADDRESS_BLOCKED ${address}`;

describe("a name that was decided at one address and then leads to another", () => {
  it.each(REBOUND)("is refused at %s by every client", async (address) => {
    const resolver = new Resolver([address]);
    const { stdout, stderr } = await run(tryAll(port, ["rebind.example"]), resolver);
    expect(stderr).toBe("");
    const expected = expectedLines(["rebind.example"], "EACCES ERR_SANDBOX_ADDRESS_BLOCKED");
    expect(stdout.trimEnd().split("\n")).toEqual(expected);
    expect(resolver.asked.length).toBeGreaterThan(10);
    expect(arrived).toEqual({ [CANARY]: 0, [ALLOWED]: 0 });
  });

  it.each(REBOUND)("is connected to where it was pinned, and refused once it is at %s", async (address) => {
    const resolver = new Resolver([ALLOWED], [address]);
    const program = `${said}
      (async () => {
        const url = "http://rebind.example:${port}/";
        console.log(await (await fetch(url)).text());
        console.log(await fetch(url).then((response) => response.text(), said));
      })();`;
    const { stdout, stderr } = await run(program, resolver);
    expect([stdout, stderr]).toEqual([`ok\n${blocked(address)}\n`, ""]);
    // One look-up for each connection: nothing looks again between the decision and the connection.
    expect(resolver.asked).toEqual(["rebind.example", "rebind.example"]);
    expect(arrived).toEqual({ [CANARY]: 0, [ALLOWED]: 1 });
  });

  it.each(REBOUND)("opens nothing but the public address that it was found at first: then %s", async (address) => {
    const resolver = new Resolver([PUBLIC], [address]);
    const program = `${said}
      const dns = require("dns").promises, net = require("net"), http = require("http");
      const reach = (options) => new Promise((tell) => net.connect({ port: ${port}, ...options }, () => tell("REACHED")).on("error", (error) => tell(said(error))));
      (async () => {
        console.log((await dns.lookup("rebind.example")).address);
        console.log(await reach({ host: "rebind.example" }));
        console.log(await reach({ host: ${JSON.stringify(address)} }));
        const lookup = (_name, _options, done) => setImmediate(done, null, [{ address: ${JSON.stringify(address)}, family: ${address.includes(":") ? 6 : 4} }]);
        console.log(await reach({ host: "rebind.example", lookup }));
        console.log(await new Promise((tell) => http.get({ host: "rebind.example", port: ${port}, lookup }, () => tell("REACHED")).on("error", (error) => tell(said(error)))));
      })();`;
    const { stdout, stderr } = await run(program, resolver);
    const lines = stdout.trimEnd().split("\n");
    expect([lines[0], stderr]).toEqual([PUBLIC, ""]);
    for (const line of lines.slice(1)) expect(line).toContain(blocked(address));
    expect(lines).toHaveLength(5);
    expect(arrived).toEqual({ [CANARY]: 0, [ALLOWED]: 0 });
  });

  it("is refused address by address where one answer holds both", async () => {
    for (const answer of [
      [CANARY, "10.0.0.7", ALLOWED],
      [ALLOWED, CANARY, "169.254.169.254"],
    ]) {
      const program = `${said}
        (async () => {
          console.log(await fetch("http://rebind.example:${port}/").then((response) => response.text(), said));
          const { resolve4 } = require("dns").promises;
          for (const address of await resolve4("rebind.example"))
            console.log(address, await fetch("http://" + address + ":${port}/").then((response) => response.text(), said));
        })();`;
      const { stdout, stderr } = await run(program, new Resolver(answer));
      const lines = answer.map((one) => `${one} ${one === ALLOWED ? "ok" : blocked(one)}\n`);
      expect([stdout, stderr]).toEqual([`ok\n${lines.join("")}`, ""]);
    }
    expect(arrived).toEqual({ [CANARY]: 0, [ALLOWED]: 4 });
  });

  it("is looked up by nobody else: no other resolver teaches the run an address", async () => {
    const resolver = new Resolver([PUBLIC]);
    const program = `
      const dns = require("dns").promises;
      (async () => {
        const { address } = await dns.lookup("REBIND.example.", 4);
        console.log(address, await dns.resolve4("rebind.example"));
        console.log(await dns.resolve6("rebind.example").catch((error) => error.code));
        console.log(await dns.lookup("other.example").catch((error) => error.code + " " + error.sandboxCode));
      })();`;
    const { stdout, stderr } = await run(program, resolver);
    expect([stdout, stderr]).toEqual([`${PUBLIC} [ '${PUBLIC}' ]\nENOTFOUND\nEACCES ERR_SANDBOX_NETWORK_DENIED\n`, ""]);
    expect(resolver.asked).toEqual(["rebind.example", "rebind.example", "rebind.example"]);
  });

  it("is refused in child processes and threads, whose look-ups come to the embedder too", async () => {
    const resolver = new Resolver([CANARY]);
    const code = `fetch("http://rebind.example:${port}/").catch(({ cause }) => console.log(cause.code, cause.sandboxCode));`;
    const program = `
      const { Worker } = require("worker_threads");
      process.stdout.write(require("child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(code)}]));
      new Worker(${JSON.stringify(code)}, { eval: true });`;
    const { stdout, stderr } = await run(program, resolver, {
      network: { connect: [`rebind.example:${port}`] },
      childProcess: { commands: ["node"] },
    });
    expect([stdout, stderr]).toEqual(["EACCES ERR_SANDBOX_ADDRESS_BLOCKED\n".repeat(2), ""]);
    expect(resolver.asked).toHaveLength(2);
    expect(arrived).toEqual({ [CANARY]: 0, [ALLOWED]: 0 });
  });

  it("is told to a permission function with the address that is connected to", async () => {
    const told: unknown[] = [];
    const permissions: Permissions = {
      network: ({ op, hostname, address, protocol }) => {
        told.push([op, protocol, hostname, address]);
        return address !== CANARY;
      },
    };
    const program = `${said}
      (async () => {
        for (const _ of [1, 2]) console.log(await fetch("http://rebind.example:${port}/").then((r) => r.text(), said));
      })();`;
    const { stdout } = await run(program, new Resolver([ALLOWED], [CANARY]), permissions);
    expect(stdout).toBe("ok\nEACCES ERR_SANDBOX_NETWORK_DENIED 127.0.0.1\n");
    expect(told).toEqual([
      ["dns", "dns", "rebind.example", undefined],
      ["connect", "tcp", "rebind.example", ALLOWED],
      ["dns", "dns", "rebind.example", undefined],
      ["connect", "tcp", "rebind.example", CANARY],
    ]);
    expect(arrived).toEqual({ [CANARY]: 0, [ALLOWED]: 1 });
  });
});

describe("an embedder's look-up", () => {
  const failing = (code: string) => () => Promise.reject(Object.assign(new Error("/a/path/of/the/host"), { code }));

  it("fails with Node's errors, and tells nothing of the host", async () => {
    const program = `
      const dns = require("dns").promises;
      (async () => {
        console.log(await dns.lookup("a.example").catch((error) => error.message));
        console.log(await dns.resolve4("a.example").catch((error) => error.message));
      })();`;
    const permissions = { network: { connect: ["a.example"] } };
    for (const [code, expected] of [
      ["ENOTFOUND", "getaddrinfo ENOTFOUND a.example\nqueryA ENOTFOUND a.example\n"],
      ["EAI_AGAIN", "getaddrinfo EAI_AGAIN a.example\nqueryA ESERVFAIL a.example\n"],
      ["ERR_ODD", "getaddrinfo EAI_FAIL a.example\nqueryA ESERVFAIL a.example\n"],
    ] as const) {
      const { stdout } = await runGuest(program, {
        compat: "full",
        driver: { network: { lookup: failing(code) }, permissions },
      });
      expect(stdout).toBe(expected);
    }
  });

  it("is asked for allowed names only, in lower case", async () => {
    const resolver = new Resolver([PUBLIC]);
    const program = `
      const dns = require("dns");
      for (const name of ["A.EXAMPLE.", "denied.example", "127.0.0.1", "0x7f.1", "a.example\\0.evil", "b\\u00fccher.example"])
        try { dns.lookup(name, (error, address) => console.log(name, error?.code, address)); } catch {}`;
    await run(program, resolver, { network: { dns: ["a.example", "b\u00fccher.example"] } });
    expect(resolver.asked.toSorted()).toEqual(["a.example", "xn--bcher-kva.example"]);
  });
});
