/** Whether a list of ALPN protocols is one as TLS has it (RFC 7301): each a length of at least 1 and so many bytes. */
export function isProtocolList(protocols: Uint8Array): boolean {
  let at = 0;
  while (at < protocols.byteLength) {
    const length = protocols[at] ?? 0;
    if (length === 0) return false;
    at += 1 + length;
  }
  return at === protocols.byteLength;
}

/** Where a protocol is in a list as TLS has it: the engine believes what it is told. Nothing where it is not in it. */
export function placeOfProtocol(offered: Uint8Array, protocol: Uint8Array): number | undefined {
  for (let at = 0; at < offered.byteLength; at += 1 + (offered[at] ?? 0)) {
    const name = offered.subarray(at + 1, at + 1 + (offered[at] ?? 0));
    if (Buffer.compare(name, protocol) === 0 && name.byteLength > 0) return at;
  }
  return undefined;
}
