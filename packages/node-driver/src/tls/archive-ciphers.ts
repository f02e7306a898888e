import { scryptCeiling } from "../crypto/caps.ts";
import { type DerValue, inSequence, integerOf, isOid, oid } from "../crypto/keys/der.ts";
import { late } from "../late.ts";

/** Ciphers of PBES2 by their identifier, with the bytes of their key. */
const CIPHERS: readonly (readonly [id: Buffer, name: string, key: number])[] = [
  [oid("60864801650304012a"), "aes-256-cbc", 32],
  [oid("608648016503040116"), "aes-192-cbc", 24],
  [oid("608648016503040102"), "aes-128-cbc", 16],
  [oid("2a864886f70d0307"), "des-ede3-cbc", 24],
];
/** RC2, DES and RC4: OpenSSL has them no more by default, so that the engine gets no further than this. */
const GONE = [oid("2a864886f70d0302"), oid("2b0e030207"), oid("2a864886f70d0304")];
/** Pseudo-random functions of PBKDF2 (RFC 8018, B.1). */
const HASHES: readonly (readonly [id: Buffer, name: string])[] = [
  [oid("2a864886f70d0207"), "sha1"],
  [oid("2a864886f70d0208"), "sha224"],
  [oid("2a864886f70d0209"), "sha256"],
  [oid("2a864886f70d020a"), "sha384"],
  [oid("2a864886f70d020b"), "sha512"],
];
const PBKDF2 = oid("2a864886f70d01050c");
const SCRYPT = oid("2b06010401da47040b");

const OCTETS = 0x04;
const found = <T extends readonly [Buffer, ...unknown[]]>(table: readonly T[], value: DerValue | undefined) =>
  table.find(([id]) => isOid(value, id));

/** The key a derivation of PBES2 makes of a passphrase; nothing for one that is not known. */
function derive(derivation: DerValue | undefined, passphrase: Uint8Array, length: number): Buffer | undefined {
  const { 0: kind, 1: parameters } = inSequence(derivation) ?? [];
  const { 0: salt, ...numbers } = inSequence(parameters) ?? [];
  if (salt?.tag !== OCTETS) return undefined;
  const [first, second, third] = [numbers[1], numbers[2], numbers[3]].map(integerOf);
  if (isOid(kind, SCRYPT) && first !== undefined && second !== undefined && third !== undefined)
    return late.crypto.scryptSync(passphrase, salt.content, length, {
      N: first,
      r: second,
      p: third,
      maxmem: scryptCeiling,
    });
  if (!isOid(kind, PBKDF2) || first === undefined) return undefined;
  const last = (inSequence(parameters) ?? []).at(-1);
  const hash = last?.tag === 0x30 ? found(HASHES, inSequence(last)?.[0])?.[1] : "sha1";
  return hash === undefined ? undefined : late.crypto.pbkdf2Sync(passphrase, salt.content, first, length, hash);
}

/** Bytes of a block and of a digest of SHA-1. */
const BLOCK = 64;
const DIGEST = 20;

/** PKCS 12's own key derivation over SHA-1 (RFC 7292, B.2). @param id 1 for a key, 2 for an initial value */
function pkcs12Key(id: number, passphrase: Uint8Array, salt: Uint8Array, iterations: number, length: number): Buffer {
  const fill = (bytes: Uint8Array): Buffer =>
    Buffer.alloc(Math.ceil(bytes.length / BLOCK) * BLOCK, bytes.length === 0 ? undefined : bytes);
  const input = Buffer.concat([fill(salt), fill(passphrase)]);
  const parts: Buffer[] = [];
  for (let made = 0; made < length; made += DIGEST) {
    let digest = late.crypto.createHash("sha1").update(Buffer.alloc(BLOCK, id)).update(input).digest();
    for (let i = 1; i < iterations; i++) digest = late.crypto.createHash("sha1").update(digest).digest();
    parts.push(digest);
    const added = BigInt(`0x${Buffer.alloc(BLOCK, digest).toString("hex")}`) + 1n;
    for (let at = 0; at < input.length; at += BLOCK) {
      const sum = (BigInt(`0x${input.subarray(at, at + BLOCK).toString("hex")}`) + added) & ((1n << 512n) - 1n);
      input.write(sum.toString(16).padStart(2 * BLOCK, "0"), at, "hex");
    }
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** The forms in which OpenSSL may give a passphrase to PKCS 12's derivation: two bytes a character, and two at the end. */
function pkcs12Passphrases(passphrase: Uint8Array): readonly Buffer[] {
  const wide = (text: string): Buffer => Buffer.from(`${text}\0`, "utf16le").swap16();
  const bytes = Buffer.from(passphrase);
  if (bytes.length === 0) return [Buffer.alloc(0), wide("")];
  return [wide(bytes.toString("utf8")), wide(bytes.toString("latin1"))];
}

const TRIPLE_DES = oid("2a864886f70d010c0103");
const DOUBLE_DES = oid("2a864886f70d010c0104");
export const PBES2 = oid("2a864886f70d01050d");

function decipher(name: string, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Buffer | undefined {
  try {
    const cipher = late.crypto.createDecipheriv(name, key, iv);
    return Buffer.concat([cipher.update(data), cipher.final()]);
  } catch {
    // Not the passphrase: the engine gets no further either.
    return undefined;
  }
}

/**
 * What an encrypted part of an archive may turn out to hold, in every reading of the passphrase; nothing for a cipher
 * that is not known here. The cost has been checked.
 */
export function openSealed(
  algorithm: readonly DerValue[],
  data: Uint8Array,
  passphrase: Uint8Array,
): readonly Uint8Array[] | undefined {
  const { 0: scheme, 1: parameters } = algorithm;
  const { 0: first, 1: second } = inSequence(parameters) ?? [];
  if (isOid(scheme, PBES2)) {
    const { 0: kind, 1: iv } = inSequence(second) ?? [];
    if (GONE.some((id) => isOid(kind, id))) return [];
    const [, name, size] = found(CIPHERS, kind) ?? [];
    const key = size === undefined ? undefined : derive(first, passphrase, size);
    if (name === undefined || key === undefined || iv?.tag !== OCTETS) return undefined;
    const plain = decipher(name, key, iv.content, data);
    return plain === undefined ? [] : [plain];
  }
  const bytes = isOid(scheme, TRIPLE_DES) ? 24 : isOid(scheme, DOUBLE_DES) ? 16 : 0;
  const iterations = integerOf(second);
  // RC2 and RC4, which OpenSSL has no more by default.
  if (bytes === 0) return [];
  if (first?.tag !== OCTETS || iterations === undefined) return undefined;
  return pkcs12Passphrases(passphrase).flatMap((form) => {
    const key = pkcs12Key(1, form, first.content, iterations, bytes);
    const iv = pkcs12Key(2, form, first.content, iterations, 8);
    return decipher(bytes === 24 ? "des-ede3-cbc" : "des-ede-cbc", key, iv, data) ?? [];
  });
}
