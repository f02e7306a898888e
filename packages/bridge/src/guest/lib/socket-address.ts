import { putOwn } from "./define.ts";
import { parseAddress } from "./ip-address.ts";

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
