import { entries, isWireFailure, type NetworkNeed } from "@vivarium/bridge/contract";
import { decode, encode } from "dns-packet";
import { afterEach, describe, expect, it } from "vitest";
import { SyscallFailure } from "../../errors/failure.ts";
import type { Granted } from "../../permissions/granted.ts";
import { compilePermissions } from "../../permissions/index.ts";
import { makeDispatch } from "../../syscalls/dispatch.ts";
import type { Outside } from "../../syscalls/driver.ts";
import type { OutsideSocket } from "../../syscalls/outside-datagrams.ts";
import { datagramHandlers } from "../loopback/datagram-handlers.ts";
import { Datagrams } from "../loopback/datagrams.ts";
import { Loopback } from "../loopback/loopback.ts";
import { Sockets } from "../outside/sockets.ts";
import { Streams } from "../streams.ts";
import { dnsHandlers } from "./handlers.ts";

const LONG = 60_000;
const A = 1;
const FORBIDDEN = [
  "127.0.0.1",
  "127.1",
  "0x7f000001",
  "2130706433",
  "017700000001",
  "0.0.0.0",
  "0",
  "::1",
  "[::1]",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "64:ff9b::7f00:1",
  "fe80::1%eth0",
  "10.0.0.1",
  "167772161",
  "192.168.0.1",
  "fc00::1",
  "169.254.169.254",
  "0xa9fea9fe",
  "224.0.0.251",
  "255.255.255.255",
];
/** No addresses at all: a rule about the name must not let the system look it up. */
const NAMES = ["allowed.example.com", "localhost", "1.2.3.4.example.com", "", " ", "a b", "1.2.3.4/8", "1.2.3.4:53"];

const addressOf = ({ need }: Granted): string => (need as NetworkNeed).hostname;

/** A run whose guest calls the host as it likes. What leaves is only written down. */
class HostileRun {
  readonly left: string[] = [];
  readonly #releases: (() => void)[] = [];
  readonly #answers = new Map<number, Promise<unknown>>();
  readonly #dispatch: (number: number, args: readonly unknown[]) => unknown;
  readonly authority;
  readonly bugs: unknown[] = [];
  open = 0;
  #token = 0;

  constructor(network: { connect: readonly string[]; dns: readonly string[] }) {
    this.authority = compilePermissions({ network: { listen: [], ...network } }, () => ({ allow: false }));
    const streams = new Streams();
    const sockets = new Sockets({ sockets: 8 });
    const outside: Outside = {
      lookup: async (granted) => [addressOf(granted)],
      reverse: async () => ["", ""],
      listen: () => expect.fail("nothing is lent"),
      connect: async (granted) => {
        this.left.push(`tcp ${addressOf(granted)}`);
        throw new SyscallFailure("ECONNREFUSED");
      },
      datagrams: {
        open: () => this.#socket(),
        listen: () => expect.fail("nothing is lent"),
        dial: () => this.#socket(),
      },
      resolver: {
        resolve: (granted) => {
          this.left.push(`resolve ${addressOf(granted)}`);
          return { records: Promise.resolve([{ type: A, ttl: 1, fields: ["8.8.8.8"] }]), cancel: () => undefined };
        },
      },
    };
    const datagrams = new Datagrams(64, { outside: outside.datagrams, sockets, grantListening: () => [] });
    const learn = (hostname: string, addresses: readonly string[]): void => this.authority.learn(hostname, addresses);
    const atEnd = (release: () => void): number => this.#releases.push(release);
    const loopback = new Loopback(streams, 64);
    const own = {
      datagram: datagramHandlers(datagrams),
      dns: dnsHandlers({ datagrams, loopback, streams, outside, sockets, learn, atEnd }),
    };
    const others = Object.fromEntries(
      entries.map(({ group }) => [group, new Proxy({}, { get: () => () => expect.fail("not of this test") })]),
    );
    this.#dispatch = makeDispatch({ ...others, ...own } as never, {
      grantAll: (needs) => this.authority.grantAll(needs, []),
      charge: () => undefined,
      later: (token, start) => {
        this.#answers.set(token, start());
      },
      bug: (_name, error) => this.bugs.push(error),
    });
  }

  #socket(): OutsideSocket {
    this.open += 1;
    return {
      local: { address: "0.0.0.0", port: 1 },
      send: async (granted) => {
        this.left.push(`udp ${addressOf(granted)}`);
      },
      close: () => {
        this.open -= 1;
      },
    };
  }

  /** -> the result, or the code of the failure */
  async call(name: string, ...args: readonly unknown[]): Promise<unknown> {
    const entry = entries.find((one) => one.name === name);
    const isAsync = entry?.declaration.mode === "async";
    this.#token += 1;
    const answer = this.#dispatch(entry?.number ?? -1, isAsync ? [this.#token, ...args] : args);
    if (isWireFailure(answer)) return answer[1];
    if (!isAsync) return answer;
    return this.#answers.get(this.#token)?.catch((failure: unknown) => {
      if (!(failure instanceof SyscallFailure)) this.bugs.push(failure);
      return (failure as SyscallFailure).code;
    });
  }

  end(): void {
    for (const release of this.#releases) release();
  }
}

const EVERYTHING = { connect: ["*", "0.0.0.0/0", "*.example.com", "allowed.example.com"], dns: ["*"] };
let run: HostileRun;
afterEach(() => {
  expect(run.bugs).toEqual([]);
  run.end();
  expect(run.open).toBe(0);
});

describe("name servers and datagrams, asked for past the library", () => {
  it.each(FORBIDDEN)("nothing leaves for %s", async (address) => {
    run = new HostileRun(EVERYTHING);
    const [socket] = (await run.call("datagram.bind", "0.0.0.0", 0, false, false)) as [number, number];
    for (const tcp of [false, true]) {
      expect(await run.call("dns.askOutside", 1, "www.example.com", A, address, 53, "", LONG, tcp)).toBe("EACCES");
    }
    expect(await run.call("datagram.sendOutside", socket, address, 53, new Uint8Array(1))).toBe("EACCES");
    expect(run.left).toEqual([]);
  });

  it.each(NAMES)("a server is an address: nothing leaves for %j", async (name) => {
    run = new HostileRun(EVERYTHING);
    const [socket] = (await run.call("datagram.bind", "0.0.0.0", 0, false, false)) as [number, number];
    const codes = [
      await run.call("dns.askOutside", 1, "www.example.com", A, name, 53, "", LONG, false),
      await run.call("datagram.sendOutside", socket, name, 53, new Uint8Array(1)),
    ];
    for (const code of codes) expect(["EACCES", "EINVAL"]).toContain(code);
    expect(run.left).toEqual([]);
  });

  it("the name that is asked for is decided as well as the server", async () => {
    run = new HostileRun({ connect: ["9.9.9.9:53"], dns: ["*.example.com"] });
    const ask = (name: string, server = "9.9.9.9", port = 53, type = A) =>
      run.call("dns.askOutside", 1, name, type, server, port, "", 1, false);
    expect(await ask("secret.evil.org")).toBe("EACCES");
    expect(await ask("www.example.com", "9.9.9.9", 54)).toBe("EACCES");
    expect(await ask("1.1.1.1.in-addr.arpa", "9.9.9.9", 53, 12)).toBe("EACCES");
    expect(await run.call("dns.resolve", 1, "secret.evil.org", A, 1000)).toBe("EACCES");
    expect(await run.call("dns.resolve", 1, "1.1.1.1.in-addr.arpa", 12, 1000)).toBe("EACCES");
    expect(run.left).toEqual([]);
    expect(await ask("www.example.com")).toBe("ETIMEOUT");
    expect(await ask("9.9.9.9.in-addr.arpa", "9.9.9.9", 53, 12)).toBe("ETIMEOUT");
    expect(await run.call("dns.resolve", 1, "www.example.com", A, 1000)).toEqual([false, 0, A, 1, 1, "8.8.8.8"]);
    expect(run.left).toEqual(["udp 9.9.9.9", "udp 9.9.9.9", "resolve www.example.com"]);
  });

  it("what a server of the guest's own says of a name opens no address", async () => {
    run = new HostileRun({ connect: ["api.example.com:443"], dns: [] });
    const [server, port] = (await run.call("datagram.bind", "127.0.0.1", 0, false, false)) as [number, number];
    const asked = run.call("dns.ask", 1, "api.example.com", A, "127.0.0.1", port, "", LONG, false);
    const [query, address, from] = (await run.call("datagram.receive", server)) as [Uint8Array, string, number];
    const { id = 0, questions = [] } = decode(Buffer.from(query));
    const answers = [{ type: "A", name: "api.example.com", data: "8.8.8.8" } as const];
    const reply = encode({ type: "response", id, questions, answers });
    await run.call("datagram.send", server, address, from, reply);
    expect(await asked).toEqual([false, 0, A, 0, 1, "8.8.8.8"]);
    const [socket] = (await run.call("datagram.bind", "0.0.0.0", 0, false, false)) as [number, number];
    expect(await run.call("datagram.sendOutside", socket, "8.8.8.8", 443, new Uint8Array(1))).toBe("EACCES");
    // The host's own resolver is believed, for the port that is allowed.
    await run.call("dns.resolve", 2, "api.example.com", A, 1000);
    expect(await run.call("datagram.sendOutside", socket, "8.8.8.8", 443, new Uint8Array(1))).toBe(undefined);
    expect(await run.call("datagram.sendOutside", socket, "8.8.8.8", 53, new Uint8Array(1))).toBe("EACCES");
    expect(run.left).toEqual(["resolve api.example.com", "udp 8.8.8.8"]);
    await run.call("datagram.close", socket);
  });

  it("bounds the questions and the sockets of a run, and leaves none open", async () => {
    run = new HostileRun(EVERYTHING);
    const asked: Promise<unknown>[] = [];
    for (let number = 0; number < 400; number++)
      asked.push(run.call("dns.askOutside", number, "www.example.com", A, "9.9.9.9", 53, "", LONG, false));
    const sockets: number[] = [];
    for (let i = 0; i < 32; i++)
      sockets.push(((await run.call("datagram.bind", "0.0.0.0", 0, false, false)) as [number, number])[0]);
    const sent = await Promise.all(
      sockets.map((socket) => run.call("datagram.sendOutside", socket, "9.9.9.9", 53, new Uint8Array(1))),
    );
    expect(run.open).toBe(8);
    expect(sent).toEqual(sockets.map(() => "EMFILE"));
    run.end();
    const codes = (await Promise.all(asked)) as string[];
    const count = (code: string): number => codes.filter((one) => one === code).length;
    expect([count("ECANCELLED"), count("EMFILE")]).toEqual([8, 392]);
  });

  it("takes any arguments without a failure of its own", async () => {
    run = new HostileRun(EVERYTHING);
    const numbers = [-1, 0, 1, 53, 65_535, 65_536, 2 ** 31, 2 ** 53 - 1, -(2 ** 53) + 1];
    const texts = ["", ".", "a".repeat(70_000), "\0", "\ud800", "www.example.com", "127.0.0.1", "9.9.9.9", "__proto__"];
    for (const number of numbers) {
      for (const text of texts) {
        const codes = [
          await run.call("dns.ask", number, text, number, text, number, text, 1, true),
          await run.call("dns.ask", number, text, A, "127.0.0.1", number, text, 1, false),
          await run.call("dns.askOutside", number, text, number, text, number, text, 1, false),
          await run.call("dns.resolve", number, text, A, number),
          await run.call("datagram.sendOutside", number, text, number, new Uint8Array(70_000)),
          await run.call("datagram.setMembership", number, text, true),
          await run.call("dns.cancel", number),
        ];
        for (const code of codes) expect(["string", "undefined", "object"]).toContain(typeof code);
      }
    }
    for (const odd of [undefined, null, "1", 1.5, Number.NaN, {}, [], new Uint8Array(1)]) {
      expect(await run.call("dns.askOutside", odd, odd, odd, odd, odd, odd, odd, odd)).toBe("EINVAL");
      expect(await run.call("dns.cancel", odd)).toBe("EINVAL");
    }
  });
});
