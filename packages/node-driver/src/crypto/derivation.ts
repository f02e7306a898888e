import type { Handlers } from "@vivarium/core/cell";
import { SyscallFailure } from "@vivarium/core/errors";
import { late } from "../late.ts";
import { checkPbkdf2, checkScrypt, scryptCeiling } from "./caps.ts";

/** Sizes of digests asked for before. As many entries as the engine has names. */
const sizes = new Map<string, number>();

/** Bytes of a digest; nothing for one the engine does not have, whose own error then follows. */
function digestSize(algorithm: string): number | undefined {
  const known = sizes.get(algorithm);
  if (known !== undefined) return known;
  try {
    const { length } = late.crypto.createHash(algorithm).digest();
    if (sizes.size < 1000) sizes.set(algorithm, length);
    return length;
  } catch {
    return undefined;
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

type Derivation = Pick<Handlers<"crypto">, "pbkdf2" | "scrypt" | "hkdf">;

/** Key derivation, each call's work capped before it starts. */
export const derivationHandlers: Derivation = {
  pbkdf2(_grants, password, salt, iterations, length, algorithm) {
    const size = digestSize(algorithm);
    if (size !== undefined) checkPbkdf2(iterations, length, salt.byteLength, size);
    return late.crypto.pbkdf2Sync(password, salt, iterations, length, algorithm);
  },
  scrypt(_grants, password, salt, [N, r, p, maxmem, length]) {
    if (![N, r, p, maxmem, length].every(isCount)) throw new SyscallFailure("EINVAL");
    const cost = { N, r, p, maxmem, length, saltBytes: salt.byteLength } as Parameters<typeof checkScrypt>[0];
    checkScrypt(cost);
    return late.crypto.scryptSync(password, salt, cost.length, {
      N: cost.N,
      r: cost.r,
      p: cost.p,
      maxmem: Math.min(cost.maxmem, scryptCeiling),
    });
  },
  hkdf: (_grants, algorithm, key, salt, info, length) =>
    new Uint8Array(late.crypto.hkdfSync(algorithm, key, salt, info, length)),
};
