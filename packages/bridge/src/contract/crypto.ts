import { bool, bytes, int, list, none, optional, str } from "./codec.ts";
import { sync } from "./declare.ts";

/**
 * Code of a failure that is an error of Node's crypto engine. Its detail is an `EngineError` as JSON, from which the
 * guest makes the error that Node throws; the code itself never reaches a program.
 */
export const ENGINE_ERROR = "ERR_CRYPTO_ENGINE";

/** Class name, message, then the error's own properties as pairs, in their order. */
export type EngineError = readonly [kind: string, message: string, ...properties: unknown[]];

/** Most random bytes of one call. */
export const MAX_RANDOM_BYTES = 1024 * 1024;
/** Digests, MACs and ciphers of one run that may be open on the host at a time. */
export const MAX_CRYPTO_STATES = 4096;

/**
 * Randomness, digests, MACs, key derivation and ciphers on the host's engine. States (digests, MACs and ciphers that
 * take their data in several calls) are kept on the host under ids and end with `digest`, `cipherFinal` or `close`.
 */
export const crypto = {
  /** -> so many random bytes, at most MAX_RANDOM_BYTES */
  random: sync([int], bytes, { cost: 2 }),
  timingSafeEqual: sync([bytes, bytes], bool),

  hashes: sync([], list),
  ciphers: sync([], list),
  curves: sync([], list),
  /** cipher name or nid, key length or nothing, IV length or nothing -> properties as pairs; empty when there is none */
  cipherInfo: sync([list], list),

  /** Fails as the constructor does: algorithm, output length. */
  checkHash: sync([str, optional(int)], none),
  checkHmac: sync([str], none),
  /** algorithm, data, output length -> digest */
  hashOnce: sync([str, bytes, optional(int)], bytes),
  /** The same with the errors of `crypto.hash`. */
  hashOneShot: sync([str, bytes], bytes),
  /** algorithm, key, data -> MAC */
  hmacOnce: sync([str, bytes, bytes], bytes),
  /** algorithm, output length -> state id */
  hashOpen: sync([str, optional(int)], int, { cost: 2 }),
  /** state id, output length of the copy -> state id */
  hashCopy: sync([int, optional(int)], int, { cost: 2 }),
  /** algorithm, key -> state id */
  hmacOpen: sync([str, bytes], int, { cost: 2 }),
  /** Feeds a digest or a MAC. */
  update: sync([int, bytes], none),
  /** Ends a digest or a MAC. */
  digest: sync([int], bytes),
  /** Ends any state without a result. Unknown ids are ignored. */
  close: sync([int], none),

  /** password, salt, iterations, length, algorithm, later (see `keys`) -> key, one part */
  pbkdf2: sync([bytes, bytes, int, int, str, bool], list, { cost: 4 }),
  /** password, salt, [N, r, p, maxmem, length], later -> key, one part */
  scrypt: sync([bytes, bytes, list, bool], list, { cost: 4 }),
  /** algorithm, key, salt, info, length, later -> key, one part */
  hkdf: sync([str, bytes, bytes, bytes, int, bool], list, { cost: 2 }),

  /** cipher, key, IV, whether it encrypts, length of the authentication tag or -1 -> state id */
  cipherOpen: sync([str, bytes, optional(bytes), bool, int], int, { cost: 2 }),
  cipherUpdate: sync([int, bytes], bytes),
  /** -> the last bytes, then the authentication tag of an encryption that has one */
  cipherFinal: sync([int], list),
  /** -> false where the state does not allow it, as for the two below */
  cipherPadding: sync([int, bool], bool),
  cipherTag: sync([int, bytes], bool),
  /** state id, additional data, plaintext length or -1 */
  cipherAdditional: sync([int, bytes, int], bool),
} as const;
