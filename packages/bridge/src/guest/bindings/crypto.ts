import { MAX_CRYPTO_STATES } from "../../contract/crypto.ts";
import { MAX_KEY_STATES } from "../../contract/keys.ts";
import { implement } from "../lib/implement.ts";
import { Leftovers } from "../lib/leftovers.ts";
import { fromManifest } from "../manifest.ts";
import { ArrayProto, jsonParse, objectAssign, objectCreate } from "../primordials.ts";
import type { Binding, InstallBinding, Realm } from "../realm.ts";
import { installAes } from "./crypto-aes.ts";
import { installAgreement } from "./crypto-agreement.ts";
import { installCiphers } from "./crypto-cipher.ts";
import { installDiffieHellman } from "./crypto-dh.ts";
import { installHash, installHmac, timingSafeEqual } from "./crypto-digest.ts";
import { installEcdh } from "./crypto-ecdh.ts";
import { engine, unsupported } from "./crypto-error.ts";
import { installJobs } from "./crypto-jobs.ts";
import { installKeyExport } from "./crypto-key-export.ts";
import { installKeyObjects } from "./crypto-key-object.ts";
import { HostKeys } from "./crypto-key-store.ts";
import { installKeyGeneration } from "./crypto-keygen.ts";
import { installKeys } from "./crypto-keys.ts";
import { installPrimes } from "./crypto-primes.ts";
import { installRoots, RootStore } from "./crypto-roots.ts";
import { installRsa } from "./crypto-rsa.ts";
import { installSecureContext } from "./crypto-secure-context.ts";
import { installSignatures } from "./crypto-sign.ts";
import { installSpkac } from "./crypto-spkac.ts";
import { installUnsupported } from "./crypto-unsupported.ts";
import { installX509 } from "./crypto-x509.ts";

/** OpenSSL's security level of a default build (SSL_CTX_get_security_level). */
const SECURITY_LEVEL = 1;

/** The snapshot does not hold this binding's manifest, which is large: it comes by syscall. */
function shape(binding: Binding, realm: Realm): void {
  if (binding.kCryptoJobSync !== undefined) return;
  objectAssign(binding, fromManifest("crypto", jsonParse(realm.sys.engine.manifest("crypto"))));
}

/** A list of names the library may keep and give out. */
const names = (ask: () => readonly unknown[]): unknown[] => ArrayProto.slice(engine(names, ask));

/** Asymmetric keys and what is done with them: the host keeps the keys under numbers. */
function installAsymmetric(binding: Binding, realm: Realm): void {
  const hostKeys = new HostKeys(realm);
  const leftovers = new Leftovers(realm, {
    few: 512,
    most: MAX_KEY_STATES,
    close: (id) => realm.sys.exchange.close(id),
  });
  installKeys(binding, realm, hostKeys);
  installKeyObjects(binding, realm, hostKeys);
  installKeyGeneration(binding, realm, hostKeys);
  installKeyExport(binding, realm);
  installSignatures(binding, realm, leftovers);
  installRsa(binding, realm);
  installDiffieHellman(binding, realm, leftovers);
  installEcdh(binding, realm, leftovers);
  installAgreement(binding, realm);
  installPrimes(binding, realm);
  installSpkac(binding, realm);
}

/** `internalBinding('crypto')` (src/crypto/*.cc): the host's engine does the work. */
export const install: InstallBinding = (binding, realm) => {
  shape(binding, realm);
  const leftovers = new Leftovers(realm, {
    few: 512,
    most: MAX_CRYPTO_STATES,
    close: (id) => realm.sys.crypto.close(id),
  });
  installUnsupported(binding);
  installAsymmetric(binding, realm);
  installHash(binding, realm, leftovers);
  installHmac(binding, realm, leftovers);
  installCiphers(binding, realm, leftovers);
  installAes(binding, realm);
  installJobs(binding, realm);
  installX509(binding, realm);
  const roots = new RootStore(realm);
  installRoots(binding, realm, roots);
  installSecureContext(binding, realm, roots);
  const setFipsCrypto = (on: unknown): void => {
    if (on) throw unsupported("setFips", setFipsCrypto);
  };
  const isEqual = (left: unknown, right: unknown): boolean =>
    engine(isEqual, () => timingSafeEqual(realm, left, right));
  implement(binding, {
    timingSafeEqual: isEqual,
    getHashes: () => names(() => realm.sys.crypto.hashes()),
    getCiphers: () => names(() => realm.sys.crypto.ciphers()),
    getCurves: () => names(() => realm.sys.crypto.curves()),
    // Names are looked up on the host: there is no table of ids to speed that up.
    getCachedAliases: () => objectCreate(null) as object,
    getFipsCrypto: () => 0,
    testFipsCrypto: () => false,
    setFipsCrypto,
    // No engine can be loaded, so none is known.
    setEngine: () => false,
    secureHeapUsed: () => undefined,
    getOpenSSLSecLevelCrypto: () => SECURITY_LEVEL,
  });
};
