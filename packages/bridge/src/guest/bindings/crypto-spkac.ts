import { implement } from "../lib/implement.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf } from "./crypto-bytes.ts";
import { engine } from "./crypto-error.ts";

/** `src/crypto/crypto_spkac.cc`: what `crypto.Certificate` reads. */
export function installSpkac(binding: Binding, realm: Realm): void {
  const { signature } = realm.sys;
  const certVerifySpkac = (spkac: unknown): boolean => {
    const bytes = copyOf(spkac);
    return engine(certVerifySpkac, () => signature.verifySpkac(bytes));
  };
  const reader = (read: (spkac: Uint8Array) => readonly unknown[]) => {
    const run = (spkac: unknown): unknown => {
      const bytes = copyOf(spkac);
      const made = engine(run, () => read(bytes))[0];
      return typeof made === "string" ? made : asNodeBuffer(realm, made as Uint8Array);
    };
    return run;
  };
  implement(binding, {
    certVerifySpkac,
    certExportPublicKey: reader(signature.spkacPublicKey),
    certExportChallenge: reader(signature.spkacChallenge),
  });
}
