import { bool, bytes, int, list, none, optional, str } from "./codec.ts";
import { async, sync } from "./declare.ts";

/** Asymmetric keys of one run that may be alive on the host at a time. */
export const MAX_KEYS = 4096;
/** Signatures and key exchanges of one run that may be open on the host at a time. */
export const MAX_KEY_STATES = 4096;

/** The first part of an answer that comes later: the number that follows is the job's, for `keys.job`. */
export const JOB = "job";
/** The first part of one key in an answer: as it is on the host, as exported data, as a JWK's text. */
export const KEY_PART = { handle: "key", data: "data", jwk: "jwk" } as const;

/**
 * Asymmetric keys. They are kept on the host under numbers, and leave it by `export` only.
 *
 * "A key" of an argument is a list: the number of a key, or data, `pem` or `der`, encoding, passphrase.
 * "A key" of a result is three parts: number, `public` or `private`, asymmetric type.
 * "Later" asks that the work be done on a thread: the answer is then JOB and a number, as far as there is room;
 * without room the work is done at once.
 */
export const keys = {
  /** key as data -> key */
  createPrivate: sync([list], list, { cost: 4 }),
  /** key as data, or a private key's number -> key */
  createPublic: sync([list], list, { cost: 4 }),
  /** whether it is private, a JWK as JSON text -> key */
  fromJwk: sync([bool, str], list, { cost: 4 }),
  /** curve, point or private bytes, whether it is private -> key; nothing for what is no key of that curve */
  fromRaw: sync([str, bytes, bool], list, { cost: 4 }),
  /** key -> its `asymmetricKeyDetails` as pairs, numbers too large for a number as big-endian bytes */
  details: sync([int], list),
  /** Whether an elliptic curve's key is one: on the curve, private part and public point a pair. */
  checkEc: sync([int], bool, { cost: 2 }),
  equal: sync([int, int], bool),
  /** key, [format, encoding, cipher, passphrase] -> one part, text or bytes */
  export: sync([int, list], list, { cost: 2 }),
  /** key -> its JWK as pairs */
  exportJwk: sync([int], list, { cost: 2 }),
  /** key -> a public key's bytes alone: an uncompressed point, or what RFC 8032 and 7748 encode */
  exportRaw: sync([int], bytes, { cost: 2 }),
  /** key -> a public key as SPKI, its point uncompressed whatever it was read from */
  exportSpki: sync([int], bytes, { cost: 2 }),
  close: sync([int], none),

  /** type, options as pairs, [public format, encoding, private format, encoding, cipher, passphrase], later -> two keys, four parts each, KEY_PART first */
  generate: sync([str, list, list, bool], list, { cost: 8 }),
  /** bits, safe, add, rem, later -> a prime, one part */
  generatePrime: sync([int, bool, optional(bytes), optional(bytes), bool], list, { cost: 8 }),
  /** candidate, rounds, later -> whether it is prime, one part */
  checkPrime: sync([bytes, int, bool], list, { cost: 8 }),
  /** job -> what the call that began it would have answered */
  job: async([int], list, { waits: true }),
} as const;

/** Signatures and RSA encryption. Options are pairs of names of Node's options and values. */
export const signature = {
  /** Fails as the constructor does. Digest, whether it verifies. */
  check: sync([str, bool], none),
  /** digest, whether it verifies -> state */
  open: sync([str, bool], int, { cost: 2 }),
  update: sync([int, bytes], none),
  /** state, key, options -> signature. Ends the state, unless it is the key that fails. */
  sign: sync([int, list, list], bytes, { cost: 4 }),
  /** state, key, options, signature */
  verify: sync([int, list, list, bytes], bool, { cost: 4 }),
  close: sync([int], none),

  /** All in one call, with the errors of the classes: digest, data, key, options */
  signWhole: sync([str, bytes, list, list], bytes, { cost: 4 }),
  /** digest, data, key, options, signature */
  verifyWhole: sync([str, bytes, list, list, bytes], bool, { cost: 4 }),

  /** With the errors of `crypto.sign`: digest, data, key, options, later -> signature, one part */
  signOneShot: sync([optional(str), bytes, list, list, bool], list, { cost: 4 }),
  /** digest, data, key, options, signature, later -> whether it is right, one part */
  verifyOneShot: sync([optional(str), bytes, list, list, bytes, bool], list, { cost: 4 }),

  /** `publicEncrypt`, `privateDecrypt`, `privateEncrypt` or `publicDecrypt`, key, data, options */
  crypt: sync([str, list, bytes, list], bytes, { cost: 4 }),

  /** The three of `crypto.Certificate`: a signed public key and challenge. */
  verifySpkac: sync([bytes], bool, { cost: 4 }),
  /** -> bytes, or empty text where there are none, one part */
  spkacPublicKey: sync([bytes], list, { cost: 2 }),
  spkacChallenge: sync([bytes], list, { cost: 2 }),
} as const;

/** Key agreement: Diffie-Hellman over numbers and over elliptic curves. */
export const exchange = {
  /** prime or its bits, generator as number or bytes -> state, verifyError */
  open: sync([list], list, { cost: 8 }),
  /** name of a group -> state, verifyError */
  openGroup: sync([str], list, { cost: 2 }),
  /** name of a curve -> state */
  openCurve: sync([str], int, { cost: 2 }),
  /** -> the public key of a group, nothing of a curve */
  generateKeys: sync([int], bytes, { cost: 4 }),
  computeSecret: sync([int, bytes], bytes, { cost: 4 }),
  /** state, `getPrime`, `getGenerator`, `getPublicKey` or `getPrivateKey`, form of a point */
  get: sync([int, str, optional(str)], bytes),
  /** state, whether it is the private key */
  set: sync([int, bool, bytes], none, { cost: 4 }),
  close: sync([int], none),
  /** point, curve, form -> point */
  convertPoint: sync([bytes, str, str], bytes, { cost: 2 }),
  /** private key, public key -> secret */
  agree: sync([int, int], bytes, { cost: 4 }),
} as const;
