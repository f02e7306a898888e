import { checkKeyBytes, keyCaps } from "./caps.ts";
import { judgeEncrypted } from "./encrypted.ts";
import { type PemPiece, pemPieces } from "./pem.ts";

/** Certificates are cheap to read and may be long. OpenSSL reads no private key under such a label. */
const CERTIFICATES = new Set(["CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE"]);
/** What RFC 1421 headers may encrypt: bare keys, with nothing encrypted inside. */
const BARE_KEYS = new Set(["RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY"]);

function allowsPassphrase({ label, hasHeaders, data }: PemPiece): boolean {
  if (hasHeaders) return label !== undefined && BARE_KEYS.has(label);
  return judgeEncrypted(data) === "cheap";
}

/**
 * Looks at a key before the engine reads it: what it may cost is bounded by its size, and by the iterations its
 * passphrase asks for.
 * @returns whether the engine may have the passphrase
 * @throws SyscallFailure ERR_SANDBOX_BUDGET_EXCEEDED for a key over the caps
 */
export function checkKeyData(data: Uint8Array, format: "pem" | "der"): boolean {
  if (format === "der") {
    checkKeyBytes("a key", data.byteLength);
    return judgeEncrypted(data) === "cheap";
  }
  checkKeyBytes("a PEM text", data.byteLength, keyCaps.pemBytes);
  let allowed = true;
  for (const piece of pemPieces(data)) {
    const isCertificate = piece.label !== undefined && CERTIFICATES.has(piece.label);
    if (!isCertificate) checkKeyBytes("a key", piece.data.byteLength);
    if (!allowsPassphrase(piece)) allowed = false;
  }
  return allowed;
}
