import { ArrayProto, NumberProto, StringProto } from "../primordials.ts";
import { append } from "./define.ts";
import { ToNumber } from "./intrinsics.ts";

/** Bytes of an address: 4 for IPv4, 16 for IPv6. */
export type AddressBytes = readonly number[];

function parseIpv4(text: string): number[] | undefined {
  const parts = StringProto.split(text, ".");
  if (parts.length !== 4) return undefined;
  const bytes: number[] = [];
  for (let i = 0; i < 4; i++) {
    const field = parts[i] as string;
    if (field.length === 0 || field.length > 3) return undefined;
    for (let j = 0; j < field.length; j++) {
      const code = StringProto.charCodeAt(field, j);
      if (code < 48 || code > 57) return undefined;
    }
    const value = ToNumber(field);
    // inet_pton takes no leading zeros.
    if (value > 255 || (field.length > 1 && field[0] === "0")) return undefined;
    append(bytes, value);
  }
  return bytes;
}

function parseGroups(text: string): number[] | undefined {
  const bytes: number[] = [];
  if (text === "") return bytes;
  const groups = StringProto.split(text, ":");
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] as string;
    if (i === groups.length - 1 && StringProto.includes(group, ".")) {
      const tail = parseIpv4(group);
      if (!tail) return undefined;
      for (let j = 0; j < 4; j++) append(bytes, tail[j] as number);
      continue;
    }
    if (group.length === 0 || group.length > 4) return undefined;
    for (let j = 0; j < group.length; j++) {
      if (StringProto.indexOf("0123456789abcdefABCDEF", group[j] as string) === -1) return undefined;
    }
    const value = ToNumber(`0x${group}`);
    append(bytes, value >> 8);
    append(bytes, value & 0xff);
  }
  return bytes;
}

function parseIpv6(text: string): number[] | undefined {
  const zone = StringProto.indexOf(text, "%");
  const address = zone === -1 ? text : StringProto.slice(text, 0, zone);
  const gap = StringProto.indexOf(address, "::");
  if (gap === -1) {
    const bytes = parseGroups(address);
    return bytes?.length === 16 ? bytes : undefined;
  }
  const head = parseGroups(StringProto.slice(address, 0, gap));
  const tail = parseGroups(StringProto.slice(address, gap + 2));
  if (!head || !tail || head.length + tail.length > 14) return undefined;
  while (head.length + tail.length < 16) append(head, 0);
  for (let i = 0; i < tail.length; i++) append(head, tail[i] as number);
  return head;
}

/** Parses an address as inet_pton does; an IPv6 zone is dropped. */
export const parseAddress = (text: string, ipv6: boolean): AddressBytes | undefined =>
  ipv6 ? parseIpv6(text) : parseIpv4(text);

/** Text of an address as inet_ntop writes it (RFC 5952). */
export function formatAddress(bytes: AddressBytes): string {
  if (bytes.length === 4) return ArrayProto.join(bytes as number[], ".");
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) append(groups, ((bytes[i] as number) << 8) | (bytes[i + 1] as number));
  let best = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && groups[i + run] === 0) run++;
    if (run > length) {
      best = i;
      length = run;
    }
  }
  const mapped = best === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff));
  let text = "";
  for (let i = 0; i < 8; i++) {
    if (i === best) {
      text += "::";
      i += length - 1;
    } else if (mapped && i === 6) {
      return `${text + (StringProto.endsWith(text, ":") ? "" : ":")}${bytes[12]}.${bytes[13]}.${bytes[14]}.${bytes[15]}`;
    } else
      text +=
        (text === "" || StringProto.endsWith(text, ":") ? "" : ":") + NumberProto.toString(groups[i] as number, 16);
  }
  return text;
}

const isMapped = (bytes: AddressBytes): boolean => {
  for (let i = 0; i < 12; i++) if (bytes[i] !== (i < 10 ? 0 : 0xff)) return false;
  return bytes.length === 16;
};

/** The four bytes of an IPv4 address, also of one mapped into IPv6. */
function ipv4Of(bytes: AddressBytes): AddressBytes | undefined {
  if (bytes.length === 4) return bytes;
  if (!isMapped(bytes)) return undefined;
  return [bytes[12] as number, bytes[13] as number, bytes[14] as number, bytes[15] as number];
}

/** Both addresses in the same family, IPv4-mapped ones unwrapped where the other is IPv4. */
function aligned(left: AddressBytes, right: AddressBytes): readonly [AddressBytes, AddressBytes] | undefined {
  if (left.length === right.length) return [left, right];
  const a = ipv4Of(left);
  const b = ipv4Of(right);
  return a && b ? [a, b] : undefined;
}

/** Order of two addresses, or nothing where they cannot be compared. */
export function compareAddresses(left: AddressBytes, right: AddressBytes): number | undefined {
  const pair = aligned(left, right);
  if (!pair) return undefined;
  for (let i = 0; i < pair[0].length; i++) {
    const difference = (pair[0][i] as number) - (pair[1][i] as number);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return 0;
}

/** The address lies in the network of so many prefix bits. */
export function inNetwork(address: AddressBytes, network: AddressBytes, prefix: number): boolean {
  const pair = aligned(address, network);
  if (!pair) return false;
  // A prefix counts the bits of the network as written, of which a mapped address has 96 before the IPv4 ones.
  const bits = network.length === 16 && pair[1].length === 4 ? prefix - 96 : prefix;
  for (let bit = 0; bit < bits; bit += 8) {
    const left = pair[0][bit >> 3] as number;
    const right = pair[1][bit >> 3] as number;
    const mask = bits - bit >= 8 ? 0xff : (0xff << (8 - (bits - bit))) & 0xff;
    if ((left & mask) !== (right & mask)) return false;
  }
  return true;
}

/** The name below which the names of an address stand (RFC 1035 3.5, RFC 3596 2.5); nothing for a text that is none. */
export function reverseName(text: string): string | undefined {
  const bytes = parseAddress(text, false) ?? parseAddress(text, true);
  if (!bytes) return undefined;
  let name = "";
  for (let i = bytes.length - 1; i >= 0; i--) {
    const byte = bytes[i] as number;
    if (bytes.length === 4) name += `${byte}.`;
    else name += `${NumberProto.toString(byte & 0xf, 16)}.${NumberProto.toString(byte >> 4, 16)}.`;
  }
  return `${name}${bytes.length === 4 ? "in-addr" : "ip6"}.arpa`;
}
