import type { Hash, Hmac } from "node:crypto";
import type { Handlers } from "@vivarium/core/cell";
import { SyscallFailure } from "@vivarium/core/errors";
import { late } from "../late.ts";
import { checkOutput } from "./caps.ts";
import type { CipherState } from "./ciphers.ts";
import type { States } from "./states.ts";

export type DigestState =
  | { readonly kind: "hash"; readonly digest: Hash }
  | { readonly kind: "hmac"; readonly digest: Hmac };
export type CryptoState = DigestState | CipherState;

/** A digest of the engine; the cap comes after the engine's own checks, which cost nothing. */
function makeHash(algorithm: string, outputLength: number | undefined): Hash {
  const made = late.crypto.createHash(algorithm, outputLength === undefined ? undefined : { outputLength });
  if (outputLength !== undefined) checkOutput("a digest", outputLength);
  return made;
}

const digestOf = (states: States<CryptoState>, id: number): DigestState => {
  const state = states.get(id);
  if (state.kind === "cipher") throw new SyscallFailure("EBADF");
  return state;
};

type Digests = Pick<
  Handlers<"crypto">,
  | "checkHash"
  | "checkHmac"
  | "hashOnce"
  | "hashOneShot"
  | "hmacOnce"
  | "hashOpen"
  | "hashCopy"
  | "hmacOpen"
  | "update"
  | "digest"
  | "timingSafeEqual"
>;

/** Digests and MACs: in one call, or fed in pieces under an id. */
export const digestHandlers = (states: States<CryptoState>): Digests => ({
  checkHash(_grants, algorithm, outputLength) {
    makeHash(algorithm, outputLength);
  },
  checkHmac(_grants, algorithm) {
    late.crypto.createHmac(algorithm, "");
  },
  hashOnce: (_grants, algorithm, data, outputLength) => makeHash(algorithm, outputLength).update(data).digest(),
  hashOneShot: (_grants, algorithm, data) => late.crypto.hash(algorithm, data, "buffer"),
  hmacOnce: (_grants, algorithm, key, data) => late.crypto.createHmac(algorithm, key).update(data).digest(),
  hashOpen: (_grants, algorithm, outputLength) =>
    states.open(() => ({ kind: "hash", digest: makeHash(algorithm, outputLength) })),
  hashCopy(_grants, id, outputLength) {
    const state = digestOf(states, id);
    if (state.kind !== "hash") throw new SyscallFailure("EBADF");
    return states.open(() => {
      const digest = state.digest.copy(outputLength === undefined ? undefined : { outputLength });
      if (outputLength !== undefined) checkOutput("a digest", outputLength);
      return { kind: "hash", digest };
    });
  },
  hmacOpen: (_grants, algorithm, key) =>
    states.open(() => ({ kind: "hmac", digest: late.crypto.createHmac(algorithm, key) })),
  update(_grants, id, data) {
    digestOf(states, id).digest.update(data);
  },
  digest(_grants, id) {
    const { digest } = digestOf(states, id);
    states.close(id);
    return digest.digest();
  },
  timingSafeEqual: (_grants, left, right) => late.crypto.timingSafeEqual(left, right),
});
