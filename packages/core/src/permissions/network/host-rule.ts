import { formatIp, type Host, type Ip, parseHost } from "./ip.ts";
import { type Cidr, contains, covers, parseCidr, rangeOf } from "./ranges.ts";

type HostPart =
  | { readonly kind: "any" }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "suffix"; readonly suffix: string }
  | { readonly kind: "address"; readonly ip: Ip }
  | { readonly kind: "block"; readonly cidr: Cidr };

/** One compiled host pattern. */
export interface HostRule {
  readonly pattern: string;
  readonly host: HostPart;
  readonly ports: readonly [first: number, last: number];
}

const ANY_PORT = [0, 65_535] as const;

function parsePorts(text: string): readonly [number, number] | undefined {
  if (text === "*") return ANY_PORT;
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first >= 1 && first <= last && last <= 65_535 ? [first, last] : undefined;
}

/** Splits `host`, `host:port`, `[v6]:port` and bare IPv6. */
function splitPort(pattern: string): readonly [host: string, port: string] {
  const bracket = /^\[([^\]]*)\](?::(.*))?$/.exec(pattern);
  if (bracket !== null) return [bracket[1] ?? "", bracket[2] ?? "*"];
  const first = pattern.indexOf(":");
  if (first < 0 || pattern.indexOf(":", first + 1) >= 0) return [pattern, "*"];
  return [pattern.slice(0, first), pattern.slice(first + 1)];
}

function parseHostPart(text: string): HostPart | string {
  if (text === "*") return { kind: "any" };
  if (text.includes("/")) {
    const cidr = parseCidr(text);
    return cidr === undefined
      ? "be a block like 10.0.0.0/8 with no bits set beyond its prefix"
      : { kind: "block", cidr };
  }
  const wild = text.startsWith("*.");
  const host = parseHost(wild ? text.slice(2) : text);
  if (host === undefined) return "name a host: a name, *.name, an address, a block or *";
  if (host.kind === "name") return wild ? { kind: "suffix", suffix: `.${host.name}` } : host;
  if (wild) return "not put a wildcard before an address (write a block like 10.0.0.0/8)";
  const plain = formatIp(host.ip);
  return text.toLowerCase() === plain ? host : `spell the address plainly (${plain})`;
}

/** Compiles one pattern; a string says what is wrong with it, worded to follow "must". */
export function parseHostRule(pattern: string, list: "connect" | "listen" | "dns"): HostRule | string {
  if (pattern.includes("://")) return "be host:port, not a URL (write api.example.com:443)";
  if (/^\d+(-\d+)?$/.test(pattern)) {
    const ports = parsePorts(pattern);
    if (list === "listen" && ports !== undefined) return { pattern, host: { kind: "any" }, ports };
    return list === "listen" ? "be a port from 1 to 65535" : `name a host (write *:${pattern} for that port anywhere)`;
  }
  const [hostText, portText] = splitPort(pattern);
  const ports = parsePorts(portText);
  if (ports === undefined) return "end in a port from 1 to 65535, a range like 8000-8099, or *";
  if (list === "dns" && ports !== ANY_PORT) return "be a name without a port";
  const host = parseHostPart(hostText);
  return typeof host === "string" ? host : { pattern, host, ports };
}

/** Whether a rule is about this port. */
export const hasPort = ({ ports: [first, last] }: HostRule, port: number): boolean => port >= first && port <= last;

/** Whether the rule fits what the guest asked for, or the address it would reach. */
export function ruleMatches(rule: HostRule, host: Host, port: number | undefined, address: Ip | undefined): boolean {
  if (port !== undefined && !hasPort(rule, port)) return false;
  const part = rule.host;
  const ip = address ?? (host.kind === "address" ? host.ip : undefined);
  switch (part.kind) {
    case "any":
      return true;
    case "name":
      return host.kind === "name" && host.name === part.name;
    case "suffix":
      return host.kind === "name" && host.name.endsWith(part.suffix);
    case "address":
      return ip !== undefined && ip.family === part.ip.family && ip.value === part.ip.value;
    case "block":
      return ip !== undefined && contains(part.cidr, ip);
  }
}

/**
 * Whether a rule names a special address itself: by that address, by a block inside the special one (metadata only by
 * address), or by `localhost` for loopback.
 */
export function ruleNames(rule: HostRule, host: Host, ip: Ip): boolean {
  const range = rangeOf(ip);
  if (range === undefined) return true;
  const [kind, block] = range;
  const part = rule.host;
  if (part.kind === "address") return part.ip.family === ip.family && part.ip.value === ip.value;
  if (part.kind === "block") return kind !== "metadata" && contains(part.cidr, ip) && covers(block, part.cidr);
  return part.kind === "name" && part.name === "localhost" && kind === "loopback" && host.kind === "name";
}
