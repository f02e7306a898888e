import { type Ip, parseIp } from "./ip.ts";

/** A block of addresses. */
export interface Cidr {
  readonly ip: Ip;
  readonly bits: number;
}

const width = (ip: Ip): number => (ip.family === 4 ? 32 : 128);

/** The network part, for comparing. */
const prefix = (ip: Ip, bits: number): bigint => ip.value >> BigInt(width(ip) - bits);

export const contains = (cidr: Cidr, ip: Ip): boolean =>
  cidr.ip.family === ip.family && prefix(cidr.ip, cidr.bits) === prefix(ip, cidr.bits);

/** Whether every address of `inner` lies in `outer`. */
export const covers = (outer: Cidr, inner: Cidr): boolean => inner.bits >= outer.bits && contains(outer, inner.ip);

/** Reads `10.0.0.0/8` or `fd00::/8`; nothing for other texts or with bits set beyond the prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(.+)\/(\d{1,3})$/.exec(text);
  const ip = match?.[1] === undefined ? undefined : parseIp(match[1]);
  if (match === null || ip === undefined) return undefined;
  const bits = Number(match[2]);
  if (bits > width(ip)) return undefined;
  const cidr = { ip, bits };
  return prefix(ip, bits) << BigInt(width(ip) - bits) === ip.value ? cidr : undefined;
}

/** What kind of place an address is, other than the public internet. */
export type RangeKind =
  | "metadata"
  | "unspecified"
  | "loopback"
  | "private"
  | "link-local"
  | "multicast"
  | "reserved"
  | "tunnel";

/**
 * Address blocks that are not the public internet (IANA special-purpose registries, RFC 6890), most specific first.
 * Metadata: AWS, ECS, EKS, Azure, Google, Oracle, Alibaba; two of these lie in otherwise public or shared space.
 */
const blocks: readonly (readonly [RangeKind, string])[] = [
  ["metadata", "169.254.169.254/32 169.254.169.253/32 169.254.169.123/32 169.254.170.2/32 169.254.170.23/32"],
  ["metadata", "168.63.129.16/32 100.100.100.200/32 192.0.0.192/32"],
  ["metadata", "fd00:ec2::254/128 fd00:ec2::253/128 fd00:ec2::123/128 fd00:ec2::23/128 fd20:ce::254/128"],
  ["unspecified", "0.0.0.0/8 ::/128"],
  ["loopback", "127.0.0.0/8 ::1/128"],
  ["private", "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7 fec0::/10 64:ff9b:1::/48"],
  ["link-local", "169.254.0.0/16 fe80::/10"],
  ["multicast", "224.0.0.0/4 ff00::/8"],
  ["reserved", "192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4"],
  ["reserved", "100::/64 2001:db8::/32 3fff::/20 5f00::/16"],
  // Teredo and SIIT hide an IPv4 address whose way out is not ours to see.
  ["tunnel", "2001::/32 ::ffff:0:0:0/96"],
  ["reserved", "2001::/23"],
];

const table: readonly (readonly [RangeKind, Cidr])[] = blocks.flatMap(([kind, texts]) =>
  texts.split(" ").map((text): readonly [RangeKind, Cidr] => {
    const cidr = parseCidr(text);
    if (cidr === undefined) throw new Error(`not an address block: ${text}`);
    return [kind, cidr];
  }),
);

/** IPv6 blocks that carry an IPv4 address, and how far from the right it stands: compatible, NAT64, 6to4. */
const carriers: readonly (readonly [string, bigint])[] = [
  ["::/96", 0n],
  ["64:ff9b::/96", 0n],
  ["2002::/16", 80n],
];

const carrierTable = carriers.map(([text, shift]) => [parseCidr(text), shift] as const);

/** The IPv4 address an IPv6 address leads to by translation, if it is such a one. */
export function embeddedV4(ip: Ip): Ip | undefined {
  for (const [cidr, shift] of carrierTable)
    if (cidr !== undefined && contains(cidr, ip)) return { family: 4, value: (ip.value >> shift) & 0xffff_ffffn };
  return undefined;
}

/** The special block an address lies in, or nothing for a public one. */
export function rangeOf(ip: Ip): readonly [kind: RangeKind, block: Cidr] | undefined {
  for (const entry of table) if (contains(entry[1], ip)) return entry;
  const inner = embeddedV4(ip);
  return inner && rangeOf(inner);
}
