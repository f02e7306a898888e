import type { Handlers } from "@vivarium/core/cell";
import { SyscallFailure } from "@vivarium/core/errors";
import { late } from "../../late.ts";
import { checkPrimality, checkPrimeSize } from "./caps.ts";
import { optionalBytes } from "./options.ts";
import { checkResidue } from "./residue.ts";
import type { CurrentRun } from "./run.ts";

const isInt32 = (value: number, least: number): boolean => value >= least && value < 2 ** 31;

type Primes = Pick<Handlers<"keys">, "generatePrime" | "checkPrime">;

/** `generatePrime` and `checkPrime` in both their forms. */
export const primeHandlers = (current: CurrentRun): Primes => ({
  generatePrime(_grants, bits, safe, add, rem, wantsLater) {
    if (!isInt32(bits, 1)) throw new SyscallFailure("EINVAL");
    checkPrimeSize(bits, safe);
    checkResidue(bits, safe, add, rem);
    const options = {
      safe,
      ...(add ? { add: optionalBytes(add) as Buffer } : {}),
      ...(rem ? { rem: optionalBytes(rem) as Buffer } : {}),
    };
    return current().jobs.run<ArrayBuffer>("heavy", wantsLater, {
      now: () => late.crypto.generatePrimeSync(bits, options),
      later: (done) =>
        late.crypto.generatePrime(bits, options, done as (error: Error | null, prime: ArrayBuffer) => void),
      answer: (prime) => [new Uint8Array(prime)],
    });
  },
  checkPrime(_grants, candidate, checks, wantsLater) {
    if (!isInt32(checks, 0)) throw new SyscallFailure("EINVAL");
    checkPrimality(candidate, checks);
    return current().jobs.run<boolean>("heavy", wantsLater, {
      now: () => late.crypto.checkPrimeSync(candidate, { checks }),
      later: (done) => late.crypto.checkPrime(candidate, { checks }, done),
      answer: (isPrime) => [isPrime],
    });
  },
});
