import { isAddress, isMulticast, withoutZone } from "../lib/socket-address.ts";

/** What the kernel says to the arguments of a multicast call, before anything is done: an error's name, or nothing. */
export type Complaint = "EINVAL" | "EADDRNOTAVAIL" | "ENODEV" | "ENOPROTOOPT" | undefined;

const isAny = (text: string): boolean => text === "0.0.0.0";

/** The own address a group is joined at: none, any, or loopback, which is the one network there is. */
function interfaceComplaint(address: unknown, isV6: boolean): Complaint {
  if (address === undefined || address === null) return undefined;
  const text = address as string;
  if (isV6) return isAddress(withoutZone(text), true) ? undefined : "EINVAL";
  if (!isAddress(text, false)) return "EINVAL";
  return isAny(text) || text === "127.0.0.1" ? undefined : "ENODEV";
}

/** (`uv_udp_set_membership`) */
export function membershipComplaint(group: unknown, own: unknown): Complaint {
  const text = group as string;
  const isV6 = isAddress(text, true);
  if (!isV6 && !isAddress(text, false)) return "EINVAL";
  return interfaceComplaint(own, isV6) ?? (isMulticast(text) ? undefined : "EINVAL");
}

/** (`uv_udp_set_source_membership`) */
export function sourceComplaint(source: unknown, group: unknown): Complaint {
  const isV6 = isAddress(group as string, true);
  if (!isV6 && !isAddress(group as string, false)) return "EINVAL";
  return isAddress(source as string, isV6) && isMulticast(group as string) ? undefined : "EINVAL";
}

/** (`uv_udp_set_multicast_interface`) @param isV6 the socket's own family */
export function outgoingComplaint(own: unknown, isV6: boolean): Complaint {
  const text = own as string;
  if (isAddress(withoutZone(text), true)) return isV6 ? undefined : "ENOPROTOOPT";
  if (!isAddress(text, false) || isV6) return "EINVAL";
  return isAny(text) || text === "127.0.0.1" ? undefined : "EADDRNOTAVAIL";
}
