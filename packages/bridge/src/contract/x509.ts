import { bool, bytes, int, list, optional, str } from "./codec.ts";
import { sync } from "./declare.ts";

/** Facts of a certificate, asked for by their place here. Their values come as contract/tree.ts writes them. */
export const X509_FACTS = [
  "subject",
  "subjectAltName",
  "infoAccess",
  "issuer",
  "validTo",
  "validFrom",
  "validToDate",
  "validFromDate",
  "fingerprint",
  "fingerprint256",
  "fingerprint512",
  "keyUsage",
  "serialNumber",
  "pem",
  "checkCA",
  "toLegacy",
] as const;

/** What a certificate's names can be compared with. */
export const X509_CHECKS = ["checkHost", "checkEmail", "checkIP"] as const;

/** X.509 certificates on the host's engine. Nothing is kept: a certificate crosses with every question, in DER. */
export const x509 = {
  /** certificate in PEM or DER -> in DER */
  parse: sync([bytes], bytes, { cost: 2 }),
  /** certificate, place in X509_FACTS -> a tree */
  fact: sync([bytes, int], list, { cost: 2 }),
  /** -> its key in DER (SubjectPublicKeyInfo) */
  publicKey: sync([bytes], bytes, { cost: 2 }),
  /** certificate, place in X509_CHECKS, name, flags of OpenSSL -> the name that fits, where one does */
  check: sync([bytes, int, str, int], optional(str), { cost: 2 }),
  /** certificate, another -> whether that issued it, as far as names and key ids tell */
  isIssuedBy: sync([bytes, bytes], bool, { cost: 2 }),
  /** certificate, private key in DER (PKCS#8) -> whether it belongs to it */
  hasPrivateKey: sync([bytes, bytes], bool, { cost: 4 }),
  /** certificate, public key in DER (SubjectPublicKeyInfo) -> whether it is signed with it */
  isSignedWith: sync([bytes, bytes], bool, { cost: 4 }),
} as const;
