import type { Handlers } from "@vivarium/core/cell";
import { SyscallFailure } from "@vivarium/core/errors";
import { late } from "../late.ts";
import { checkPbkdf2, checkScrypt, scryptCeiling } from "./caps.ts";
import type { Answer } from "./keys/jobs.ts";
import type { CurrentRun } from "./keys/run.ts";

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

const answer = (key: Uint8Array | ArrayBuffer): Answer => [new Uint8Array(key)];

/** Key derivation, each call's work capped before it starts. */
export const derivationHandlers = (current: CurrentRun): Derivation => ({
  pbkdf2(_grants, password, salt, iterations, length, algorithm, wantsLater) {
    const size = digestSize(algorithm);
    if (size !== undefined) checkPbkdf2(iterations, length, salt.byteLength, size);
    return current().jobs.run<Uint8Array>("heavy", wantsLater, {
      now: () => late.crypto.pbkdf2Sync(password, salt, iterations, length, algorithm),
      later: (done) => late.crypto.pbkdf2(password, salt, iterations, length, algorithm, done),
      answer,
    });
  },
  scrypt(_grants, password, salt, [N, r, p, maxmem, length], wantsLater) {
    if (![N, r, p, maxmem, length].every(isCount)) throw new SyscallFailure("EINVAL");
    const cost = { N, r, p, maxmem, length, saltBytes: salt.byteLength } as Parameters<typeof checkScrypt>[0];
    checkScrypt(cost);
    const options = { N: cost.N, r: cost.r, p: cost.p, maxmem: Math.min(cost.maxmem, scryptCeiling) };
    return current().jobs.run<Uint8Array>("heavy", wantsLater, {
      now: () => late.crypto.scryptSync(password, salt, cost.length, options),
      later: (done) => late.crypto.scrypt(password, salt, cost.length, options, done),
      answer,
    });
  },
  hkdf: (_grants, algorithm, key, salt, info, length, wantsLater) =>
    current().jobs.run<ArrayBuffer>("light", wantsLater, {
      now: () => late.crypto.hkdfSync(algorithm, key, salt, info, length),
      later: (done) => late.crypto.hkdf(algorithm, key, salt, info, length, done),
      answer,
    }),
});
