import { typedArrayBuffer } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf } from "./crypto-bytes.ts";
import { installThreadJob } from "./crypto-job.ts";

const numberBytes = (value: unknown): Uint8Array | undefined => (value === undefined ? undefined : copyOf(value));

/** `src/crypto/crypto_random.cc`: the jobs of `generatePrime` and `checkPrime`. */
export function installPrimes(binding: Binding, realm: Realm): void {
  const { keys } = realm.sys;
  installThreadJob(
    binding,
    realm,
    "RandomPrimeJob",
    "RANDOMPRIMEREQUEST",
    (bits: number, safe: boolean, add: unknown, rem: unknown) => {
      const divisor = numberBytes(add);
      const rest = numberBytes(rem);
      return {
        begin: (later) => keys.generatePrime(bits, safe, divisor, rest, later),
        finish: (answer) => typedArrayBuffer(answer[0] as Uint8Array),
      };
    },
  );
  installThreadJob(binding, realm, "CheckPrimeJob", "CHECKPRIMEREQUEST", (candidate: unknown, checks: number) => {
    const bytes = copyOf(candidate);
    return {
      begin: (later) => keys.checkPrime(bytes, checks, later),
      finish: (answer) => answer[0],
    };
  });
}
