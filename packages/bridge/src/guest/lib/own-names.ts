import { ArrayProto, StringProto } from "../primordials.ts";
import { parseAddress } from "./ip-address.ts";

/** Numbers of `cares_wrap` (src/cares_wrap.h). */
export const ORDER_IPV4_FIRST = 1;
export const ORDER_IPV6_FIRST = 2;

/** What a usual /etc/hosts has, in the order getaddrinfo(3) answers (RFC 6724): loopback names, then the machine's own. */
function addressesOf(name: string, hostname: string): readonly string[] | undefined {
  const lower = StringProto.toLowerCase(name);
  if (lower === "localhost") return ["::1", "127.0.0.1"];
  if (lower === "ip6-localhost" || lower === "ip6-loopback") return ["::1"];
  if (lower === StringProto.toLowerCase(hostname)) return ["127.0.0.1"];
  if (parseAddress(name, false) || parseAddress(name, true)) return [name];
  return undefined;
}

/**
 * The addresses of a name that is known without asking anybody; nothing for any other.
 * @param hostname the machine's own name
 * @param family 4, 6, or 0 for both
 */
export function ownAddresses(
  name: string,
  hostname: string,
  family: number,
  order: number,
): readonly string[] | undefined {
  const all = addressesOf(name, hostname);
  if (!all) return undefined;
  const of = (wanted: number): string[] =>
    ArrayProto.filter(all, (address) => (parseAddress(address as string, true) ? 6 : 4) === wanted) as string[];
  if (family !== 0) return of(family);
  if (order === ORDER_IPV4_FIRST) return ArrayProto.concat(of(4), of(6)) as string[];
  if (order === ORDER_IPV6_FIRST) return ArrayProto.concat(of(6), of(4)) as string[];
  return ArrayProto.slice(all) as string[];
}

/** The services programs ask for by port (/etc/services). */
const SERVICES: Readonly<Record<number, string>> = {
  7: "echo",
  20: "ftp-data",
  21: "ftp",
  22: "ssh",
  23: "telnet",
  25: "smtp",
  53: "domain",
  80: "http",
  110: "pop3",
  123: "ntp",
  143: "imap2",
  443: "https",
  993: "imaps",
  995: "pop3s",
};

/** The name of a loopback address and the service of a port; nothing for an address that is not of this machine. */
export function ownService(address: string, port: number): readonly [hostname: string, service: string] | undefined {
  const bytes = parseAddress(address, false);
  const service = SERVICES[port] ?? `${port}`;
  if (bytes?.[0] === 127) return ["localhost", service];
  const wide = parseAddress(address, true);
  if (wide?.[15] !== 1) return undefined;
  for (let i = 0; i < 15; i++) if (wide[i] !== 0) return undefined;
  return ["ip6-localhost", service];
}

/**
 * The names a usual /etc/hosts has for an address besides its first one: what a reverse look-up finds there. Nothing for
 * an address that is not in it.
 */
export function ownAliases(address: string, hostname: string): readonly string[] | undefined {
  if (address === "127.0.0.1") return hostname === "localhost" ? [] : [hostname];
  return ownService(address, 0)?.[0] === "ip6-localhost" ? ["ip6-loopback"] : undefined;
}
