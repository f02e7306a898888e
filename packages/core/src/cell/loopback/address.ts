import { isIPv4, isIPv6 } from "node:net";

/** An end of a connection as its own side sees it: for pipes the path, and port 0. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export type Protocol = "tcp" | "pipe";

export const MAX_PORT = 65_535;
/** Longest path of a Unix domain socket, bytes of sockaddr_un without the NUL. */
export const MAX_PIPE_PATH = 107;

const MAPPED = "::ffff:";
export const LOOPBACK_V4 = "127.0.0.1";
export const LOOPBACK_V6 = "::1";
const ANY_V4 = "0.0.0.0";
const ANY_V6 = "::";

/** The canonical text of an IPv6 address: what the URL standard's serializer gives, without its brackets. */
function canonicalV6(address: string): string {
  const host = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host);
  if (!mapped) return host;
  const high = Number.parseInt(mapped[1] as string, 16);
  const low = Number.parseInt(mapped[2] as string, 16);
  return `${MAPPED}${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`;
}

/**
 * The address a name of this machine's own has inside the sandbox: `127.x.y.z`, `::1`, or one of the two that mean all
 * of them. Nothing for an address that is not of this machine.
 */
export function innerAddress(address: string): string | undefined {
  if (isIPv4(address)) return address === ANY_V4 || address.startsWith("127.") ? address : undefined;
  if (!isIPv6(address) || address.includes("%")) return undefined;
  const canonical = canonicalV6(address);
  if (canonical === ANY_V6 || canonical === LOOPBACK_V6) return canonical;
  const mapped = canonical.startsWith(MAPPED) ? canonical.slice(MAPPED.length) : undefined;
  return mapped !== undefined && innerAddress(mapped) !== undefined ? canonical : undefined;
}

/** Whether there may be a server of the sandbox's there: a path, or one of its own addresses and a port. */
export const isPlace = (protocol: Protocol, address: string, port: number): boolean =>
  protocol === "pipe"
    ? address !== "" && Buffer.byteLength(address) <= MAX_PIPE_PATH && port === 0
    : innerAddress(address) !== undefined && port >= 0 && port <= MAX_PORT;

/** Where a connection to this inner address leads: "all addresses" means this machine, a mapped address its IPv4 one. */
export function destinationOf(inner: string): string {
  const plain = inner.startsWith(MAPPED) ? inner.slice(MAPPED.length) : inner;
  if (plain === ANY_V4) return LOOPBACK_V4;
  return plain === ANY_V6 ? LOOPBACK_V6 : plain;
}

/** The addresses a socket may be bound to that a connection to this destination reaches, the closest first. */
export const candidatesFor = (destination: string): readonly string[] =>
  isIPv4(destination)
    ? [destination, MAPPED + destination, ANY_V4, `${MAPPED}${ANY_V4}`, ANY_V6]
    : [destination, ANY_V6];

/** Whether two bound addresses overlap. `::` overlaps every IPv4 address unless it is for IPv6 only. */
export function overlaps(left: Bound, right: Bound): boolean {
  return covers(left, right.address) || covers(right, left.address);
}

/** An address with what a socket bound to it takes. */
export interface Bound {
  readonly address: string;
  readonly ipv6Only: boolean;
}

/** Whether a socket bound here takes connections to (or shares the port with) this address. */
export function covers({ address, ipv6Only }: Bound, other: string): boolean {
  if (address === other) return true;
  const plain = other.startsWith(MAPPED) ? other.slice(MAPPED.length) : other;
  const isV4 = isIPv4(plain);
  if (address === ANY_V6) return !isV4 || !ipv6Only;
  const own = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
  return isV4 && (own === ANY_V4 || own === plain);
}

/** The address as an IPv6 socket shows it. */
export const asSeenBy = (bound: string, address: string): string =>
  isIPv6(bound) && isIPv4(address) ? MAPPED + address : address;
