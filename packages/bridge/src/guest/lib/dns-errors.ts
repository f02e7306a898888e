/** Statuses of c-ares (include/ares.h) as far as the library is told a number. */
export const ARES_EBADSTR = 17;
/** `DNS_ESETSRVPENDING` of src/cares_wrap.h. */
export const PENDING_QUERIES = -1000;

/** What c-ares says to each of its statuses. */
const TEXTS: readonly string[] = [
  "Successful completion",
  "DNS server returned answer with no data",
  "DNS server claims query was misformatted",
  "DNS server returned general failure",
  "Domain name not found",
  "DNS server does not implement requested operation",
  "DNS server refused query",
  "Misformatted DNS query",
  "Misformatted domain name",
  "Unsupported address family",
  "Misformatted DNS reply",
  "Could not contact DNS servers",
  "Timeout while contacting DNS servers",
  "End of file",
  "Error reading file",
  "Out of memory",
  "Channel is being destroyed",
  "Misformatted string",
  "Illegal flags specified",
  "Given hostname is not numeric",
  "Illegal hints flags specified",
  "c-ares library initialization not yet performed",
  "Error loading iphlpapi.dll",
  "Could not find GetNetworkParams function",
  "DNS query cancelled",
  "Invalid service name or number",
  "No DNS servers were configured",
];

/** `strerror` of the binding. */
export const aresText = (status: number): string =>
  status === PENDING_QUERIES ? "There are pending queries." : (TEXTS[status] ?? "unknown");

/** What a server's own code means (RFC 1035 4.1.1). Those that are not here say nothing, and the records count. */
const SERVER_CODES: readonly (string | undefined)[] = [
  undefined,
  "EFORMERR",
  "ESERVFAIL",
  "ENOTFOUND",
  "ENOTIMP",
  "EREFUSED",
];

/** The error of an answer by its code and how many records it has; nothing where the records are to be looked at. */
export function serverError(code: number, records: number): string | undefined {
  if (code === 0) return records === 0 ? "ENODATA" : undefined;
  return SERVER_CODES[code];
}
