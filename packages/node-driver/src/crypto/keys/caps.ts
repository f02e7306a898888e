import { caps as derivationCaps } from "../caps.ts";
import { overCap } from "../failure.ts";

/** What one call about keys may make the host do, so that none takes more than about ten seconds of one core. */
export const keyCaps = {
  /**
   * One key as data, bytes of DER: an RSA private key of 8192 bits has 4,680. Reading a DSA or Diffie-Hellman key
   * computes its public half, whatever its size.
   */
  derBytes: 5 * 1024,
  /** Data that may hold several PEM blocks, certificates among them, bytes. */
  pemBytes: 1024 * 1024,
  /** Modulus of an RSA key, bits: OpenSSL's own limit for public keys. */
  rsaBits: 16_384,
  /** Modulus of an RSA key that is made, bits. Time grows with the fourth power. */
  rsaGenerateBits: 6144,
  /** Modulus of a DSA key that is made, bits: the largest of FIPS 186-4. */
  dsaGenerateBits: 3072,
  /** Prime of Diffie-Hellman that is made, bits, and any safe prime: rarer than primes. */
  safePrimeBits: 1024,
  /** Prime of Diffie-Hellman that is brought along and checked, bits. Node's own groups are known and not checked. */
  dhCheckBits: 4096,
  /** A random prime, bits. */
  primeBits: 4096,
  /** Work of a primality test: rounds times the cube of the bits. 128 rounds of 4096 bits. */
  primeWork: 128 * 4096 ** 3,
  /** Jobs on threads that make keys or primes. */
  heavyJobs: 4,
  /** Jobs on threads that sign or verify. */
  lightJobs: 64,
} as const;

function check(what: string, asked: number, most: number, unit: string): void {
  if (asked > most) throw overCap(`${what} of ${asked} ${unit} is over the cap of ${most} ${unit}`);
}

/** @throws SyscallFailure ERR_SANDBOX_BUDGET_EXCEEDED naming the cap, as all of these */
export const checkKeyBytes = (what: string, bytes: number, most: number = keyCaps.derBytes): void =>
  check(what, bytes, most, "bytes");

export const checkRsaBits = (bits: number): void => check("an RSA key", bits, keyCaps.rsaBits, "bits");

/** Bits of what is generated, by the type of key. Engines refuse what is too small, or no number, by themselves. */
const GENERATED: Readonly<Record<string, readonly [what: string, option: string, bits: number]>> = {
  rsa: ["generating an RSA key", "modulusLength", keyCaps.rsaGenerateBits],
  "rsa-pss": ["generating an RSA key", "modulusLength", keyCaps.rsaGenerateBits],
  dsa: ["generating a DSA key", "modulusLength", keyCaps.dsaGenerateBits],
  dh: ["generating a Diffie-Hellman prime", "primeLength", keyCaps.safePrimeBits],
};

export function checkGenerated(type: string, options: Readonly<Record<string, unknown>>): void {
  const cap = Object.hasOwn(GENERATED, type) ? GENERATED[type] : undefined;
  if (!cap) return;
  const { 0: what, 1: option, 2: most } = cap;
  const asked = options[option];
  if (typeof asked === "number") check(what, asked, most, "bits");
}

/** Bits of a big-endian number. */
export function bitsOf(bytes: Uint8Array): number {
  let first = 0;
  while (first < bytes.length && bytes[first] === 0) first++;
  const rest = bytes.length - first;
  return rest === 0 ? 0 : rest * 8 - (Math.clz32(bytes[first] as number) - 24);
}

export const checkDhSize = (bits: number): void =>
  check("generating a Diffie-Hellman prime", bits, keyCaps.safePrimeBits, "bits");

export const checkDhPrime = (prime: Uint8Array): void =>
  check("checking a Diffie-Hellman prime", bitsOf(prime), keyCaps.dhCheckBits, "bits");

export function checkPrimeSize(bits: number, safe: boolean): void {
  if (safe) check("a safe prime", bits, keyCaps.safePrimeBits, "bits");
  else check("a random prime", bits, keyCaps.primeBits, "bits");
}

/** Rounds OpenSSL does at least (bn_prime.c, bn_mr_min_checks). */
const roundsOf = (bits: number): number => (bits > 2048 ? 128 : 64);

/** Bits of the largest number OpenSSL takes (bn_local.h, BN_MAX_WORDS): above, it refuses at once. */
const BN_BITS = Math.floor((2 ** 31 - 1) / 256) * 64;

export function checkPrimality(candidate: Uint8Array, rounds: number): void {
  const bits = bitsOf(candidate);
  if (bits > BN_BITS) return;
  const work = Math.max(rounds, roundsOf(bits)) * bits ** 3;
  if (work > keyCaps.primeWork)
    throw overCap(
      `a primality test of ${bits} bits and ${rounds} checks is over the cap of 4096 bits and 128 checks, or as much work`,
    );
}

/** Blocks of output a key of a cipher takes at most. */
const PASSPHRASE_BLOCKS = 4;

/** Most rounds of a passphrase's key derivation. */
export const passphraseRounds = derivationCaps.pbkdf2Rounds / PASSPHRASE_BLOCKS;

export const checkPassphraseRounds = (iterations: number): void =>
  check("a passphrase's key derivation", iterations, passphraseRounds, "iterations");
