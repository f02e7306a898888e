import { checkScrypt, caps as derivationCaps } from "../caps.ts";
import { checkPassphraseRounds, passphraseRounds } from "./caps.ts";
import { DER, type DerValue, inSequence, integerOf, isOid, oid, readDer } from "./der.ts";

const PKCS5 = oid("2a864886f70d0105");
const PKCS12_PBE = oid("2a864886f70d010c01");
const PBES2 = oid("2a864886f70d01050d");
const PBKDF2 = oid("2a864886f70d01050c");
const SCRYPT = oid("2b06010401da47040b");

/** What a passphrase may be used for on some data. */
export type Verdict =
  /** There is no key derivation in the data, or one that is within the caps. */
  | "cheap"
  /** There may be one whose cost cannot be read: the engine is not to get the passphrase. */
  | "unknown";

/** `PBES2-params` (RFC 8018, A.4): key derivation, then cipher. */
function roundsOfPbes2(parameters: DerValue | undefined): number | undefined {
  const derivation = inSequence(inSequence(parameters)?.[0]);
  const numbers = inSequence(derivation?.[1])?.slice(1).map(integerOf);
  if (isOid(derivation?.[0], PBKDF2)) return numbers?.[0];
  const { 0: N, 1: r, 2: p } = numbers ?? [];
  if (!isOid(derivation?.[0], SCRYPT) || N === undefined || r === undefined || p === undefined) return undefined;
  checkScrypt({ N, r, p, maxmem: Number.POSITIVE_INFINITY, length: 0, saltBytes: 0 });
  return Math.ceil((N * r * p * passphraseRounds) / derivationCaps.scryptSteps);
}

/**
 * How often an `AlgorithmIdentifier` puts a passphrase through its function, or nothing where that cannot be read. Scrypt
 * is checked at once, and told in rounds that cost as much.
 * @throws SyscallFailure ERR_SANDBOX_BUDGET_EXCEEDED for scrypt over the caps
 */
export function roundsOf({ 0: scheme, 1: parameters }: readonly DerValue[]): number | undefined {
  if (isOid(scheme, PBES2)) return roundsOfPbes2(parameters);
  // The older schemes: salt, iterations.
  return scheme?.tag === DER.oid ? integerOf(inSequence(parameters)?.[1]) : undefined;
}

/**
 * Reads the cost of decrypting a private key (`EncryptedPrivateKeyInfo`, RFC 5958) before the engine does it. An
 * object identifier is the same bytes in every encoding, so data without one of these has no key derivation in it;
 * with one, only strict DER is read, and the engine reads it the same way.
 * @throws SyscallFailure ERR_SANDBOX_BUDGET_EXCEEDED for a cost over the caps
 */
export function judgeEncrypted(data: Uint8Array): Verdict {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (!bytes.includes(PKCS5) && !bytes.includes(PKCS12_PBE)) return "cheap";
  const outer = readDer(bytes);
  const algorithm = inSequence(inSequence(outer?.[0])?.[0]);
  const rounds = algorithm && outer?.length === 1 ? roundsOf(algorithm) : undefined;
  if (rounds === undefined) return "unknown";
  checkPassphraseRounds(rounds);
  return "cheap";
}
