import type { Handlers } from "@vivarium/core/cell";
import { exchangeHandlers } from "./exchange.ts";
import { generationHandlers } from "./generate.ts";
import { materialHandlers } from "./material.ts";
import { primeHandlers } from "./primes.ts";
import { type CurrentRun, newKeyRun } from "./run.ts";
import { signatureHandlers } from "./signature.ts";

/** The syscalls about asymmetric keys with what they keep. */
export interface KeyHandlers {
  readonly keys: Handlers<"keys">;
  readonly signature: Handlers<"signature">;
  readonly exchange: Handlers<"exchange">;
  readonly current: CurrentRun;
  /** Forgets the keys of the last run. */
  reset(): void;
}

/** Asymmetric keys of one guest, on the host's Node. Their work is capped (`caps.ts`). */
export function createKeyHandlers(): KeyHandlers {
  let run = newKeyRun();
  const current = () => run;
  return {
    current,
    keys: {
      ...materialHandlers(current),
      ...generationHandlers(current),
      ...primeHandlers(current),
      job: (_grants, id) => run.jobs.take(id),
    },
    signature: signatureHandlers(current),
    exchange: exchangeHandlers(current),
    reset() {
      run = newKeyRun();
    },
  };
}
