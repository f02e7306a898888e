import { domainToASCII } from "node:url";

/** An IP address as a number of 32 or 128 bits. IPv4-mapped IPv6 (`::ffff:1.2.3.4`) is always IPv4 here. */
export interface Ip {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A host as normalised: an address whatever its spelling, or a lower-case ASCII name without a trailing dot. */
export type Host = { readonly kind: "address"; readonly ip: Ip } | { readonly kind: "name"; readonly name: string };

const MAPPED = 0xffffn;
const V4_MASK = 0xffff_ffffn;

/** One part of an IPv4 spelling: decimal, octal with a leading 0, hexadecimal with 0x (inet_aton, WHATWG URL 3.5). */
function parseNumber(text: string): number | undefined {
  if (/^0x[0-9a-f]*$/.test(text)) return text.length === 2 ? 0 : Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8);
  return /^[1-9][0-9]*$/.test(text) ? Number.parseInt(text, 10) : undefined;
}

/** Whether the text can only be meant as an IPv4 address: its last part is a number. */
const looksNumeric = (text: string): boolean => /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/.test(text);

function parseV4(text: string): Ip | undefined {
  const parts = text.split(".");
  if (parts.length > 4) return undefined;
  const last = parts.length - 1;
  let value = 0;
  for (const [index, part] of parts.entries()) {
    const number = parseNumber(part);
    const room = index === last ? 256 ** (4 - last) : 256;
    if (number === undefined || number >= room) return undefined;
    value += index === last ? number : number * 256 ** (3 - index);
  }
  return { family: 4, value: BigInt(value) };
}

const dotted = /^(.*:)((?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3})$/;

/** The tail `1.2.3.4` of an IPv6 text as two groups. */
function unfoldV4(text: string): string | undefined {
  const match = dotted.exec(text);
  if (match === null) return text.includes(".") ? undefined : text;
  const ip = parseV4(match[2] ?? "");
  if (ip === undefined) return undefined;
  return `${match[1]}${(ip.value >> 16n).toString(16)}:${(ip.value & MAPPED).toString(16)}`;
}

function parseV6(text: string): Ip | undefined {
  const plain = unfoldV4(text);
  if (plain === undefined) return undefined;
  const halves = plain.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined;
  const value = groups.reduce((sum, group) => (sum << 16n) | BigInt(Number.parseInt(group, 16)), 0n);
  return value >> 32n === MAPPED ? { family: 4, value: value & V4_MASK } : { family: 6, value };
}

const NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*$/;

/**
 * Reads a host in any spelling a client may accept: brackets, zone ids, decimal, octal, hexadecimal and short IPv4,
 * full-width digits, upper case, a trailing dot. Nothing for a text that is no host; callers deny those.
 */
export function parseHost(text: string): Host | undefined {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (bare.includes(":")) {
    const address = (bare.split("%", 1)[0] ?? "").toLowerCase();
    const ip = parseV6(address);
    return ip && { kind: "address", ip };
  }
  // Checked before IDNA, which would decode percent signs and drop soft hyphens.
  if (bare !== text || /[\s%/\\?#@:[\]\p{Cc}]/u.test(bare)) return undefined;
  const ascii = /^[\u0020-\u007e]*$/.test(bare) ? bare.toLowerCase() : domainToASCII(bare);
  const name = ascii.endsWith(".") ? ascii.slice(0, -1) : ascii;
  if (looksNumeric(name)) {
    const ip = parseV4(name);
    return ip && { kind: "address", ip };
  }
  return NAME.test(name) ? { kind: "name", name } : undefined;
}

/** The address a text spells, or nothing for names and other texts. */
export function parseIp(text: string): Ip | undefined {
  const host = parseHost(text);
  return host?.kind === "address" ? host.ip : undefined;
}

/** Start and length of the longest run of two or more zero groups, the first of equals. */
function longestZeroRun(groups: readonly string[]): readonly [start: number, length: number] {
  let best: readonly [number, number] = [0, 1];
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === "0") length++;
    if (length > best[1]) best = [start, length];
  }
  return best;
}

/** The canonical spelling (RFC 5952 for IPv6). */
export function formatIp({ family, value }: Ip): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".");
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & MAPPED).toString(16));
  const [start, length] = longestZeroRun(groups);
  if (length < 2) return groups.join(":");
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}
