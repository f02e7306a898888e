import { implement } from "../lib/implement.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { typedArrayBuffer } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { engine } from "./crypto-error.ts";
import { installJob } from "./crypto-job.ts";
import { keyNumber } from "./crypto-key-store.ts";

/** Agreement between two keys: `diffieHellman()`, and the jobs of `subtle.deriveBits`. */
export function installAgreement(binding: Binding, realm: Realm): void {
  const { exchange } = realm.sys;
  const statelessDH = (privateKey: unknown, publicKey: unknown): Uint8Array =>
    asNodeBuffer(
      realm,
      engine(statelessDH, () => exchange.agree(keyNumber(privateKey), keyNumber(publicKey))),
    );
  implement(binding, { statelessDH });

  const bits = (publicKey: unknown, privateKey: unknown): ArrayBufferLike =>
    typedArrayBuffer(exchange.agree(keyNumber(privateKey), keyNumber(publicKey)));
  installJob(binding, realm, "ECDHBitsJob", "DERIVEBITSREQUEST", bits);
  installJob(binding, realm, "DHBitsJob", "DERIVEBITSREQUEST", bits);
}
