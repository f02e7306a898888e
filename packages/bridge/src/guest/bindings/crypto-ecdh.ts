import { implement } from "../lib/implement.ts";
import type { Leftovers } from "../lib/leftovers.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { typedArrayByteLength } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf } from "./crypto-bytes.ts";
import { putClass } from "./crypto-class.ts";
import { engine } from "./crypto-error.ts";
import { Exchange } from "./crypto-exchange.ts";

/** `point_conversion_form_t` of OpenSSL by its names in Node. */
const FORMS = { __proto__: null, 2: "compressed", 4: "uncompressed", 6: "hybrid" } as unknown as Readonly<
  Record<number, string>
>;

const formOf = (form: unknown): string => FORMS[form as number] ?? "uncompressed";

/** `src/crypto/crypto_ec.cc`: the class ECDH, and the conversion of points. */
export function installEcdh(binding: Binding, realm: Realm, leftovers: Leftovers): void {
  class ECDH {
    readonly #exchange = new Exchange(realm, leftovers);

    constructor(curve: string) {
      this.#exchange.open(
        ECDH,
        () => realm.sys.exchange.openCurve(curve),
        (id) => id,
      );
    }

    generateKeys(): void {
      this.#exchange.generateKeys(generateKeys);
    }
    computeSecret(other: unknown): unknown {
      return this.#exchange.computeSecret(computeSecret, other);
    }
    getPublicKey(form: unknown): Uint8Array {
      return this.#exchange.get(getPublicKey, "getPublicKey", formOf(form));
    }
    getPrivateKey(): Uint8Array {
      return this.#exchange.get(getPrivateKey, "getPrivateKey");
    }
    setPublicKey(key: unknown): void {
      this.#exchange.set(setPublicKey, false, key);
    }
    setPrivateKey(key: unknown): void {
      this.#exchange.set(setPrivateKey, true, key);
    }
  }
  const { generateKeys, computeSecret, getPublicKey, getPrivateKey, setPublicKey, setPrivateKey } = ECDH.prototype;
  putClass(binding, "ECDH", ECDH);

  const ECDHConvertKey = (point: unknown, curve: string, form: unknown): Uint8Array | string => {
    const bytes = copyOf(point);
    if (typedArrayByteLength(bytes) === 0) return "";
    return asNodeBuffer(
      realm,
      engine(ECDHConvertKey, () => realm.sys.exchange.convertPoint(bytes, curve, formOf(form))),
    );
  };
  implement(binding, { ECDHConvertKey });
}
