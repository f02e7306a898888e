import { MAX_CRYPTO_STATES, MAX_RANDOM_BYTES } from "@vivarium/bridge/contract";
import type { Handlers } from "@vivarium/core/cell";
import { SyscallFailure } from "@vivarium/core/errors";
import { late } from "../late.ts";
import { cipherHandlers } from "./ciphers.ts";
import { derivationHandlers } from "./derivation.ts";
import { type CryptoState, digestHandlers } from "./digests.ts";
import { guarded } from "./guarded.ts";
import { createKeyHandlers } from "./keys/handlers.ts";
import { States } from "./states.ts";

type CryptoGroup = "crypto" | "keys" | "signature" | "exchange";

/** The crypto syscalls with the states and keys they keep. */
export interface CryptoHandlers {
  readonly handlers: { readonly [G in CryptoGroup]: Handlers<G> };
  /** Forgets what the last run left open. */
  reset(): void;
}

/** Cryptography on the host's Node: needs no permission, since it reaches nothing; its work is capped (`caps.ts`). */
export function createCryptoHandlers(): CryptoHandlers {
  const states = new States<CryptoState>(MAX_CRYPTO_STATES, {
    plural: "digests, MACs and ciphers are open",
    cure: "end them with digest() or final()",
  });
  const keys = createKeyHandlers();
  const crypto = guarded<Handlers<"crypto">>({
    ...digestHandlers(states),
    ...cipherHandlers(states),
    ...derivationHandlers(keys.current),
    random(_grants, size) {
      if (size < 0 || size > MAX_RANDOM_BYTES) throw new SyscallFailure("EINVAL");
      return late.crypto.randomFillSync(new Uint8Array(size));
    },
    hashes: () => late.crypto.getHashes(),
    ciphers: () => late.crypto.getCiphers(),
    curves: () => late.crypto.getCurves(),
    close(_grants, id) {
      states.close(id);
    },
  });
  return {
    handlers: {
      crypto,
      keys: guarded<Handlers<"keys">>(keys.keys),
      signature: guarded<Handlers<"signature">>(keys.signature),
      exchange: guarded<Handlers<"exchange">>(keys.exchange),
    },
    reset() {
      states.clear();
      keys.reset();
    },
  };
}
