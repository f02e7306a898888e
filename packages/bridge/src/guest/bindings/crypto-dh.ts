import { notAString } from "../lib/binding-error.ts";
import { dataDescriptor } from "../lib/define.ts";
import type { Leftovers } from "../lib/leftovers.ts";
import { objectDefineProperty } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf } from "./crypto-bytes.ts";
import { putClass } from "./crypto-class.ts";
import { Exchange } from "./crypto-exchange.ts";

/** `src/crypto/crypto_dh.cc`: both classes are alike but for how they begin. */
export function installDiffieHellman(binding: Binding, realm: Realm, leftovers: Leftovers): void {
  const define = (name: string, call: (first: unknown, second: unknown) => readonly unknown[]): void => {
    class DiffieHellman {
      readonly #exchange = new Exchange(realm, leftovers);

      constructor(first: unknown, second: unknown) {
        const { 1: verifyError } = this.#exchange.open(
          DiffieHellman,
          () => call(first, second),
          (answer) => answer[0] as number,
        );
        const accessor = dataDescriptor(undefined) as PropertyDescriptor;
        delete accessor.value;
        delete accessor.writable;
        accessor.get = () => verifyError;
        objectDefineProperty(this, "verifyError", accessor);
      }

      generateKeys(): Uint8Array {
        return this.#exchange.generateKeys(generateKeys);
      }
      computeSecret(other: unknown): unknown {
        return this.#exchange.computeSecret(computeSecret, other);
      }
      getPrime(): Uint8Array {
        return this.#exchange.get(getPrime, "getPrime");
      }
      getGenerator(): Uint8Array {
        return this.#exchange.get(getGenerator, "getGenerator");
      }
      getPublicKey(): Uint8Array {
        return this.#exchange.get(getPublicKey, "getPublicKey");
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
    const {
      generateKeys,
      computeSecret,
      getPrime,
      getGenerator,
      getPublicKey,
      getPrivateKey,
      setPublicKey,
      setPrivateKey,
    } = DiffieHellman.prototype;
    putClass(binding, name, DiffieHellman);
  };
  const numberOrBytes = (value: unknown): number | Uint8Array => (typeof value === "number" ? value : copyOf(value));
  define("DiffieHellman", (prime, generator) =>
    realm.sys.exchange.open([numberOrBytes(prime), numberOrBytes(generator)]),
  );
  define("DiffieHellmanGroup", (name) => {
    if (typeof name !== "string") throw notAString("Group name");
    return realm.sys.exchange.openGroup(name);
  });
}
