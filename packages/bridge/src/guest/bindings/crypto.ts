import { implement } from "../lib/implement.ts";
import { ArrayProto, objectCreate } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";
import { installCiphers } from "./crypto-cipher.ts";
import { installHash, installHmac, timingSafeEqual } from "./crypto-digest.ts";
import { engine, unsupported } from "./crypto-error.ts";
import { installJobs } from "./crypto-jobs.ts";
import { installKeys } from "./crypto-keys.ts";
import { Leftovers } from "./crypto-state.ts";
import { installUnsupported } from "./crypto-unsupported.ts";

/** OpenSSL's security level of a default build (SSL_CTX_get_security_level). */
const SECURITY_LEVEL = 1;

/** `internalBinding('crypto')` (src/crypto/*.cc): the host's engine does the work, keys stay in the guest. */
export const install: InstallBinding = (binding, realm) => {
  const leftovers = new Leftovers(realm);
  installUnsupported(binding);
  installKeys(binding, realm);
  installHash(binding, realm, leftovers);
  installHmac(binding, realm, leftovers);
  installCiphers(binding, realm, leftovers);
  installJobs(binding, realm);
  implement(binding, {
    timingSafeEqual: (left: unknown, right: unknown) => timingSafeEqual(realm, left, right),
    getHashes: () => ArrayProto.slice(engine(() => realm.sys.crypto.hashes()) as unknown[]),
    getCiphers: () => ArrayProto.slice(engine(() => realm.sys.crypto.ciphers()) as unknown[]),
    getCurves: () => ArrayProto.slice(engine(() => realm.sys.crypto.curves()) as unknown[]),
    // Names are looked up on the host: there is no table of ids to speed that up.
    getCachedAliases: () => objectCreate(null) as object,
    getFipsCrypto: () => 0,
    testFipsCrypto: () => false,
    setFipsCrypto(on: unknown) {
      if (on) throw unsupported("setFips");
    },
    // No engine can be loaded, so none is known.
    setEngine: () => false,
    secureHeapUsed: () => undefined,
    getOpenSSLSecLevelCrypto: () => SECURITY_LEVEL,
  });
};
