import { StringProto } from "../primordials.ts";
import { putOwn } from "./define.ts";
import { type AddressBytes, parseAddress } from "./ip-address.ts";

/** An end of a connection; for pipes the address is the path. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Whether a text is an address of this family. */
export const isAddress = (text: string, isV6: boolean): boolean => parseAddress(text, isV6) !== undefined;

/** Fills an object the library made (`AddressToJS` of src/tcp_wrap.cc). */
export function tellAddress(into: object, { address, port }: Endpoint): void {
  putOwn(into, "address", address);
  putOwn(into, "family", isAddress(address, true) ? "IPv6" : "IPv4");
  putOwn(into, "port", port);
}

/** What C++ makes of a port: none is 0. */
export const toPort = (value: unknown): number => (typeof value === "number" ? value | 0 : 0);

/** An IPv6 address without the network it is meant in: `fe80::1%eth0`. */
export function withoutZone(text: string): string {
  const at = StringProto.indexOf(text, "%");
  return at < 0 ? text : StringProto.slice(text, 0, at);
}

/** Whether an address is that of a multicast group: 224.0.0.0/4 (RFC 5771), ff00::/8 (RFC 4291 2.7). */
export function isMulticast(text: string): boolean {
  const v4 = parseAddress(text, false);
  if (v4) return (v4[0] as number) >> 4 === 0xe;
  return parseAddress(text, true)?.[0] === 0xff;
}

/** Whether an address is the machine's own in any case: loopback, or "all addresses". */
export function isOwnAddress(text: string): boolean {
  const bytes = (parseAddress(text, false) ?? parseAddress(text, true)) as AddressBytes | undefined;
  if (!bytes) return false;
  if (bytes.length === 4) return bytes[0] === 127 || text === "0.0.0.0";
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false;
  if (bytes[10] === 0xff && bytes[11] === 0xff) return bytes[12] === 127;
  for (let i = 10; i < 15; i++) if (bytes[i] !== 0) return false;
  return (bytes[15] as number) <= 1;
}
