import { overCap } from "../crypto/failure.ts";
import { checkKeyBytes, checkPassphraseRounds, keyCaps } from "../crypto/keys/caps.ts";
import { DER, type DerValue, inSequence, integerOf, isOid, oid, readDer } from "../crypto/keys/der.ts";
import { roundsOf } from "../crypto/keys/encrypted.ts";
import { openSealed, PBES2 } from "./archive-ciphers.ts";

const PKCS7_DATA = oid("2a864886f70d010701");
const PKCS7_ENCRYPTED = oid("2a864886f70d010706");
const KEY_BAG = oid("2a864886f70d010c0a0101");
const SHROUDED_KEY_BAG = oid("2a864886f70d010c0a0102");
const SAFE_CONTENTS_BAG = oid("2a864886f70d010c0a0106");
/** `[0]`, around a value and in place of its own tag. */
const EXPLICIT = 0xa0;
const IMPLICIT = 0x80;
/** How often an older scheme works through its rounds: for the key and for the initial value, */
const OLDER = 2;
/** and once more here, round by round, in both readings of the passphrase. */
const LOOKING_INSIDE = 8;
/** Bags in bags. */
const MAX_DEPTH = 4;

const unreadable = (): Error =>
  overCap(
    "the work of this PKCS 12 archive cannot be read, so it is not done: write it anew in DER, with AES and PBKDF2 (openssl pkcs12 -export)",
  );

/** @throws SyscallFailure where the value is not there */
function must<T>(value: T | undefined): T {
  if (value === undefined) throw unreadable();
  return value;
}

const inside = (value: DerValue | undefined): DerValue =>
  must(value?.tag === EXPLICIT ? readDer(value.content)?.[0] : undefined);
const octetsIn = (value: DerValue): Uint8Array => must(value.tag === DER.octets ? value.content : undefined);
const listIn = (bytes: Uint8Array): readonly DerValue[] => {
  const values = must(readDer(bytes));
  if (values.length !== 1) throw unreadable();
  return must(inSequence(values[0]));
};

/** Adds up what decrypting one archive would cost, part by part, as deep as its passphrase opens it. */
class Appraisal {
  readonly #passphrase: Uint8Array;
  #rounds = 0;

  constructor(passphrase: Uint8Array) {
    this.#passphrase = passphrase;
  }

  #charge(rounds: number): void {
    this.#rounds += rounds;
    checkPassphraseRounds(this.#rounds);
  }

  #algorithm(value: DerValue | undefined, timesOlder: number): readonly DerValue[] {
    const algorithm = must(inSequence(value));
    this.#charge(must(roundsOf(algorithm)) * (isOid(algorithm[0], PBES2) ? 1 : timesOlder));
    return algorithm;
  }

  /** `PFX` (RFC 7292, 4). */
  archive(data: Uint8Array): void {
    const { 1: authSafe, 2: mac } = listIn(data);
    const { 0: kind, 1: content } = must(inSequence(authSafe));
    // Signed by a key instead of a passphrase: the engine takes none of that.
    if (!isOid(kind, PKCS7_DATA)) return;
    if (mac) this.#mac(mac);
    for (const info of listIn(octetsIn(inside(content)))) this.#part(info);
  }

  /** Without a passphrase the engine tries both ways of having none. */
  #mac(mac: DerValue): void {
    const { 0: digestInfo, 2: iterations } = must(inSequence(mac));
    const { 1: parameters } = must(inSequence(inSequence(digestInfo)?.[0]));
    // A derivation of its own (RFC 9579), which this engine does not know.
    if (parameters?.tag === DER.sequence) throw unreadable();
    this.#charge(2 * (iterations === undefined ? 1 : must(integerOf(iterations))));
  }

  #part(info: DerValue): void {
    const { 0: kind, 1: content } = must(inSequence(info));
    if (isOid(kind, PKCS7_DATA)) this.#bags(listIn(octetsIn(inside(content))), 0);
    if (!isOid(kind, PKCS7_ENCRYPTED)) return;
    const { 1: algorithm, 2: sealed } = must(inSequence(must(inSequence(inside(content)))[1]));
    const known = this.#algorithm(algorithm, LOOKING_INSIDE);
    const data = must(sealed?.tag === IMPLICIT ? sealed.content : undefined);
    for (const plain of must(openSealed(known, data, this.#passphrase))) this.#bags(listIn(plain), 0);
  }

  #bags(bags: readonly DerValue[], depth: number): void {
    for (const bag of bags) {
      const { 0: kind, 1: value } = must(inSequence(bag));
      if (isOid(kind, SHROUDED_KEY_BAG)) {
        const key = inside(value);
        checkKeyBytes("a key", key.content.byteLength);
        this.#algorithm(inSequence(key)?.[0], OLDER);
      } else if (isOid(kind, KEY_BAG)) checkKeyBytes("a key", inside(value).content.byteLength);
      else if (isOid(kind, SAFE_CONTENTS_BAG)) {
        if (depth === MAX_DEPTH) throw unreadable();
        this.#bags(must(inSequence(inside(value))), depth + 1);
      }
    }
  }
}

/**
 * Reads what opening a PKCS 12 archive costs before the engine does it: the passphrase is put through a derivation for
 * the archive's code, for each encrypted part and for the key, as often as the archive says. Only strict DER is read, so
 * that the engine reads the same; a part that the passphrase opens is looked into, since a key may be inside.
 * @throws SyscallFailure ERR_SANDBOX_BUDGET_EXCEEDED for a cost over the caps, or one that cannot be read
 */
export function checkArchive(data: Uint8Array, passphrase: Uint8Array = new Uint8Array(0)): void {
  checkKeyBytes("a PKCS 12 archive", data.byteLength, keyCaps.pemBytes);
  // An object identifier is the same bytes in every encoding; without this one it is no archive.
  if (!Buffer.from(data.buffer, data.byteOffset, data.byteLength).includes(PKCS7_DATA)) return;
  // The engine reads it as a C string.
  const end = passphrase.indexOf(0);
  new Appraisal(end < 0 ? passphrase : passphrase.subarray(0, end)).archive(data);
}
