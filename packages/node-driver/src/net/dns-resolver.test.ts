import type { Resolver } from "node:dns/promises";
import type { Granted } from "@vivarium/core/cell";
import { describe, expect, it } from "vitest";
import { makeResolver, reverseName } from "./dns-resolver.ts";

/** As `permissions/authority.ts` makes it of a look-up. */
const lookup = (hostname: string): Granted =>
  ({ need: { domain: "network", op: "lookup", protocol: "dns", hostname, port: 0 } }) as unknown as Granted;

const caa = { critical: 128, iodef: "mailto:x" };
const naptr = { order: 1, preference: 2, flags: "s", service: "x", regexp: "", replacement: "r.test" };
const soa = { nsname: "n.test", hostmaster: "h.test", serial: 1, refresh: 2, retry: 3, expire: 4, minttl: 5 };
const srv = { priority: 1, weight: 2, port: 3, name: "s.test" };
const tlsa = { certUsage: 3, selector: 1, match: 1, data: new Uint8Array([7]).buffer };

/** What the host's c-ares would answer. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  resolve4: [{ address: "1.2.3.4", ttl: 60 }],
  resolve6: [{ address: "::1", ttl: 61 }],
  resolveNs: ["ns.test"],
  resolveCname: ["c.test"],
  resolveSoa: soa,
  resolvePtr: ["p.test"],
  resolveMx: [{ priority: 10, exchange: "mx.test" }],
  resolveTxt: [["a", "b"]],
  resolveSrv: [srv],
  resolveNaptr: [naptr],
  resolveTlsa: [tlsa],
  resolveCaa: [caa],
  resolveAny: [
    { type: "A", address: "1.2.3.4", ttl: 1 },
    { type: "CNAME", value: "c.test" },
    { type: "TXT", entries: ["t"] },
    { type: "MX", priority: 10, exchange: "mx.test" },
    { type: "SOA", ...soa },
    { type: "CAA", ...caa },
    tlsa,
  ],
};

const asked: unknown[] = [];
const made: object[] = [];
let cancelled = 0;
const channel = (answers: Readonly<Record<string, unknown>> | Error) => (options: object) => {
  made.push(options);
  const methods = Object.keys(ANSWERS).map((method) => [
    method,
    async (name: string) => {
      asked.push([method, name]);
      if (answers instanceof Error) throw answers;
      return answers[method];
    },
  ]);
  return { ...Object.fromEntries(methods), cancel: () => (cancelled += 1) } as unknown as Resolver;
};

const soaFields = ["n.test", "h.test", 1, 2, 3, 4, 5];
const tlsaFields = [3, 1, 1, new Uint8Array([7])];

describe("the host's resolver", () => {
  it.each([
    [1, "resolve4", [["1.2.3.4"]], 60],
    [28, "resolve6", [["::1"]], 61],
    [2, "resolveNs", [["ns.test"]], 0],
    [5, "resolveCname", [["c.test"]], 0],
    [6, "resolveSoa", [soaFields], 0],
    [12, "resolvePtr", [["p.test"]], 0],
    [15, "resolveMx", [[10, "mx.test"]], 0],
    [16, "resolveTxt", [["a", "b"]], 0],
    [33, "resolveSrv", [[1, 2, 3, "s.test"]], 0],
    [35, "resolveNaptr", [[1, 2, "s", "x", "", "r.test"]], 0],
    [52, "resolveTlsa", [tlsaFields], 0],
    [257, "resolveCaa", [[128, "iodef", "mailto:x"]], 0],
  ])("answers type %d with the fields a server would send", async (type, method, fields, ttl) => {
    asked.length = 0;
    const { records } = makeResolver(channel(ANSWERS)).resolve(lookup("a.test"), type, 1000);
    expect(await records).toEqual(fields.map((one) => ({ type, ttl, fields: one })));
    expect(asked).toEqual([[method, "a.test"]]);
  });

  it("answers a question for everything with records of each type", async () => {
    const { records } = makeResolver(channel(ANSWERS)).resolve(lookup("a.test"), 255, 1000);
    expect((await records).map(({ type, fields }) => [type, ...fields])).toEqual([
      [1, "1.2.3.4"],
      [5, "c.test"],
      [16, "t"],
      [15, 10, "mx.test"],
      [6, ...soaFields],
      [257, 128, "iodef", "mailto:x"],
      [52, ...tlsaFields],
    ]);
  });

  it("asks for the names of an address, never in the host's own file of hosts", async () => {
    asked.length = 0;
    const resolver = makeResolver(channel(ANSWERS));
    await resolver.resolve(lookup("1.2.3.4"), 12, 1000).records;
    await resolver.resolve(lookup("2001:db8::1"), 12, 1000).records;
    expect(asked).toEqual([
      ["resolvePtr", "4.3.2.1.in-addr.arpa"],
      ["resolvePtr", `1.${"0.".repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`],
    ]);
    expect(reverseName("::")).toBe(`${"0.".repeat(32)}ip6.arpa`);
  });

  it("tells c-ares' codes and nothing else of what went wrong", async () => {
    const failing = (error: Error) => makeResolver(channel(error)).resolve(lookup("a.test"), 1, 1000).records;
    const known = Object.assign(new Error("queryA ENOTFOUND a.test"), { code: "ENOTFOUND" });
    await expect(failing(known)).rejects.toMatchObject({ code: "ENOTFOUND", message: "ENOTFOUND" });
    const odd = Object.assign(new Error("/host/path"), { code: "ERR_X" });
    await expect(failing(odd)).rejects.toMatchObject({ code: "ESERVFAIL", message: "ESERVFAIL" });
    expect(() => makeResolver(channel(ANSWERS)).resolve(lookup("a.test"), 99, 1)).toThrow("EINVAL");
  });

  it("has a channel for each question, with its time, that is cancelled alone", () => {
    made.length = 0;
    const resolver = makeResolver(channel(ANSWERS));
    const first = resolver.resolve(lookup("a.test"), 1, 700);
    resolver.resolve(lookup("b.test"), 1, 800);
    expect(made).toEqual([
      { timeout: 700, tries: 1 },
      { timeout: 800, tries: 1 },
    ]);
    first.cancel();
    expect(cancelled).toBe(1);
  });
});
