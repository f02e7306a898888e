import { bool, int, list, none, str } from "./codec.ts";
import { async, type NetworkNeed, sync } from "./declare.ts";

/** Record types by number (IANA, DNS resource record types). */
export const RecordType = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  TLSA: 52,
  ANY: 255,
  CAA: 257,
} as const;

/** Questions a run may have open at once. */
export const MAX_QUESTIONS = 256;

/** What a name asks about: an address where it stands below `in-addr.arpa` or `ip6.arpa` (RFC 1035 3.5, RFC 3596 2.5). */
function hostOf(name: string): string {
  const [, labels = "", kind] = /^([0-9a-f.]+)\.(in-addr|ip6)\.arpa\.?$/i.exec(name) ?? [];
  const parts = labels.split(".").reverse();
  if (kind === undefined) return name;
  if (kind.toLowerCase() === "in-addr") return parts.length === 4 ? parts.join(".") : name;
  return parts.length === 32 ? (parts.join("").match(/.{4}/g) ?? []).join(":") : name;
}

const lookup = (name: string): NetworkNeed => ({
  domain: "network",
  op: "lookup",
  protocol: "dns",
  hostname: hostOf(name),
  port: 0,
});

/** number, name, record type, server address, port, own address ("": any), milliseconds, whether over TCP */
const question = [int, str, int, str, int, str, int, bool] as const;

/**
 * Questions to name servers, one a call, under a number of the program's choice. The answer is whether it was truncated,
 * its code (RFC 1035 4.1.1), and its records: type, ttl, how many fields, the fields (`packages/core/src/cell/dns`).
 * They fail with ETIMEOUT, ECONNREFUSED, EBADRESP, EBADNAME or ECANCELLED.
 */
export const dns = {
  /** A server of the program's own, inside the sandbox. ECONNREFUSED where there is none. */
  ask: async(question, list, { waits: true }),
  /** Any other server: the name is decided, and the very address that is asked. */
  askOutside: async(question, list, {
    needs: (_number, name, _type, server, port, _from, _ms, tcp) => [
      lookup(name),
      { domain: "network", op: "connect", protocol: tcp ? "tcp" : "udp", hostname: server, port },
    ],
    waits: true,
    cost: 16,
  }),
  /** number, name, record type, milliseconds: what the host's own resolver answers; which servers it asks is not told. */
  resolve: async([int, str, int, int], list, {
    needs: (_number, name) => [lookup(name)],
    waits: true,
    cost: 16,
  }),
  /** The question of that number fails with ECANCELLED. */
  cancel: sync([int], none),
} as const;
