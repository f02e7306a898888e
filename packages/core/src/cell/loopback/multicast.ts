import { isIPv4, isIPv6 } from "node:net";

/** Whether a text is the address of a multicast group: 224.0.0.0/4 (RFC 5771), ff00::/8 (RFC 4291 2.7). */
export function isMulticast(address: string): boolean {
  if (isIPv4(address)) {
    const first = Number.parseInt(address, 10);
    return first >= 224 && first <= 239;
  }
  return isIPv6(address) && /^ff[\da-f]{2}:/i.test(address);
}
