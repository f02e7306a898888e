import type { AnyRecord, TlsaRecord } from "node:dns";
import type { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { type HostRecord, networkNeedOf, type OutsideResolver, SyscallFailure } from "@vivarium/core/cell";
import { late } from "../late.ts";

const record = (type: number, fields: HostRecord["fields"], ttl = 0): HostRecord => ({ type, ttl, fields });

const CAA_PROPERTIES = ["issue", "issuewild", "iodef", "contactemail", "contactphone"] as const;

type CaaLike = { readonly critical: number } & { readonly [P in (typeof CAA_PROPERTIES)[number]]?: string | undefined };

function caa(found: CaaLike): HostRecord {
  const tag = CAA_PROPERTIES.find((property) => found[property] !== undefined) ?? "issue";
  return record(257, [found.critical, tag, found[tag] ?? ""]);
}

const tlsa = ({ certUsage, selector, match, data }: TlsaRecord): HostRecord =>
  record(52, [certUsage, selector, match, new Uint8Array(data)]);

/** A record as `resolveAny` tells it. */
function any(found: AnyRecord): HostRecord {
  switch (found.type) {
    case "A":
      return record(1, [found.address], found.ttl);
    case "AAAA":
      return record(28, [found.address], found.ttl);
    case "CNAME":
      return record(5, [found.value]);
    case "NS":
      return record(2, [found.value]);
    case "PTR":
      return record(12, [found.value]);
    case "MX":
      return record(15, [found.priority, found.exchange]);
    case "TXT":
      return record(16, found.entries);
    case "SRV":
      return record(33, [found.priority, found.weight, found.port, found.name]);
    case "NAPTR":
      return naptr(found);
    case "SOA":
      return soa(found);
    case "CAA":
      return caa(found);
    default:
      return tlsa(found);
  }
}

type Naptr = Extract<AnyRecord, { type: "NAPTR" }>;
type Soa = Extract<AnyRecord, { type: "SOA" }>;

const naptr = ({ order, preference, flags, service, regexp, replacement }: Omit<Naptr, "type">): HostRecord =>
  record(35, [order, preference, flags, service, regexp, replacement]);

const soa = ({ nsname, hostmaster, serial, refresh, retry, expire, minttl }: Omit<Soa, "type">): HostRecord =>
  record(6, [nsname, hostmaster, serial, refresh, retry, expire, minttl]);

/** The question of each type of record. */
const QUESTIONS: Readonly<Record<number, (resolver: Resolver, name: string) => Promise<readonly HostRecord[]>>> = {
  1: async (resolver, name) =>
    (await resolver.resolve4(name, { ttl: true })).map(({ address, ttl }) => record(1, [address], ttl)),
  2: async (resolver, name) => (await resolver.resolveNs(name)).map((value) => record(2, [value])),
  5: async (resolver, name) => (await resolver.resolveCname(name)).map((value) => record(5, [value])),
  6: async (resolver, name) => [soa(await resolver.resolveSoa(name))],
  12: async (resolver, name) => (await resolver.resolvePtr(name)).map((value) => record(12, [value])),
  15: async (resolver, name) =>
    (await resolver.resolveMx(name)).map(({ priority, exchange }) => record(15, [priority, exchange])),
  16: async (resolver, name) => (await resolver.resolveTxt(name)).map((entries) => record(16, entries)),
  28: async (resolver, name) =>
    (await resolver.resolve6(name, { ttl: true })).map(({ address, ttl }) => record(28, [address], ttl)),
  33: async (resolver, name) =>
    (await resolver.resolveSrv(name)).map((found) =>
      record(33, [found.priority, found.weight, found.port, found.name]),
    ),
  35: async (resolver, name) => (await resolver.resolveNaptr(name)).map(naptr),
  52: async (resolver, name) => (await resolver.resolveTlsa(name)).filter(Boolean).map((found) => tlsa(found)),
  255: async (resolver, name) => (await resolver.resolveAny(name)).filter(Boolean).map(any),
  257: async (resolver, name) => (await resolver.resolveCaa(name)).map(caa),
};

/** The name below which the names of an address stand (RFC 1035 3.5, RFC 3596 2.5). */
export function reverseName(address: string): string {
  if (isIP(address) === 4) return `${address.split(".").reverse().join(".")}.in-addr.arpa`;
  const [head = [], tail = []] = address.split("::").map((half) => half.split(":").filter(Boolean));
  const groups = [...head, ...new Array<string>(8 - head.length - tail.length).fill("0"), ...tail];
  const digits = groups.map((group) => group.padStart(4, "0")).join("");
  return `${[...digits].reverse().join(".")}.ip6.arpa`;
}

/** c-ares' own name of what went wrong; anything else is a server failure. */
function failed(error: unknown): SyscallFailure {
  const { code } = error as NodeJS.ErrnoException;
  return new SyscallFailure(typeof code === "string" && /^E[A-Z]+$/.test(code) ? code : "ESERVFAIL");
}

/** @param channel makes the channel of one question, so that it can be cancelled alone */
export const makeResolver = (channel: (options: { timeout: number; tries: number }) => Resolver): OutsideResolver => ({
  resolve(granted, type, timeoutMs) {
    const question = QUESTIONS[type];
    if (!question) throw new SyscallFailure("EINVAL");
    const { hostname } = networkNeedOf(granted);
    const name = isIP(hostname) === 0 ? hostname : reverseName(hostname);
    const asked = channel({ timeout: Math.min(timeoutMs, 2 ** 31 - 1), tries: 1 });
    const records = question(asked, name).catch((error: unknown) => {
      throw failed(error);
    });
    return { records, cancel: () => asked.cancel() };
  },
});

/** The host's own resolver: c-ares with the host's servers. */
export const resolver: OutsideResolver = makeResolver((options) => new late.dns.Resolver(options));
