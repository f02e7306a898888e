import { SyscallError } from "../client.ts";
import { notAString } from "../lib/binding-error.ts";
import { dataDescriptor } from "../lib/define.ts";
import { implement } from "../lib/implement.ts";
import type { Leftovers } from "../lib/leftovers.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { objectDefineProperty, typedArrayBuffer, typedArrayByteLength } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf } from "./crypto-bytes.ts";
import { putClass } from "./crypto-class.ts";
import { type Below, cryptoError, engine, seenFrom } from "./crypto-error.ts";
import { installJob } from "./crypto-job.ts";
import { keyNumber } from "./crypto-key-store.ts";

/** `point_conversion_form_t` of OpenSSL by its names in Node. */
const FORMS = { __proto__: null, 2: "compressed", 4: "uncompressed", 6: "hybrid" } as unknown as Readonly<
  Record<number, string>
>;

const formOf = (form: unknown): string => FORMS[form as number] ?? "uncompressed";

/** The library throws this one itself, when it is told so. */
const INVALID_POINT = "ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY";

/** One exchange of the host. */
class Exchange {
  readonly #realm: Realm;
  readonly #leftovers: Leftovers;
  #id = 0;

  constructor(realm: Realm, leftovers: Leftovers) {
    this.#realm = realm;
    this.#leftovers = leftovers;
  }

  /** Opens it by a syscall whose answer begins with its number. */
  open<T>(below: Below, call: () => T, numberOf: (answer: T) => number): T {
    this.#leftovers.makeRoom();
    const answer = engine(below, call);
    this.#id = numberOf(answer);
    this.#leftovers.watch(this, this.#id);
    return answer;
  }

  #buffer(below: Below, call: () => Uint8Array): Uint8Array {
    return asNodeBuffer(this.#realm, engine(below, call));
  }

  generateKeys(below: Below): Uint8Array {
    return this.#buffer(below, () => this.#realm.sys.exchange.generateKeys(this.#id));
  }

  get(below: Below, getter: string, form?: string): Uint8Array {
    return this.#buffer(below, () => this.#realm.sys.exchange.get(this.#id, getter, form));
  }

  set(below: Below, isPrivate: boolean, key: unknown): void {
    const bytes = copyOf(key);
    engine(below, () => this.#realm.sys.exchange.set(this.#id, isPrivate, bytes));
  }

  computeSecret(below: Below, other: unknown): unknown {
    const bytes = copyOf(other);
    try {
      return asNodeBuffer(this.#realm, this.#realm.sys.exchange.computeSecret(this.#id, bytes));
    } catch (failure) {
      const error = cryptoError(failure);
      if (failure instanceof SyscallError && (error as { code?: unknown }).code === INVALID_POINT) return INVALID_POINT;
      throw seenFrom(error, below);
    }
  }
}

/** `src/crypto/crypto_dh.cc`: both classes are alike but for how they begin. */
function installDiffieHellman(binding: Binding, realm: Realm, leftovers: Leftovers): void {
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
        return this.#exchange.generateKeys(prototype.generateKeys);
      }
      computeSecret(other: unknown): unknown {
        return this.#exchange.computeSecret(prototype.computeSecret, other);
      }
      getPrime(): Uint8Array {
        return this.#exchange.get(prototype.getPrime, "getPrime");
      }
      getGenerator(): Uint8Array {
        return this.#exchange.get(prototype.getGenerator, "getGenerator");
      }
      getPublicKey(): Uint8Array {
        return this.#exchange.get(prototype.getPublicKey, "getPublicKey");
      }
      getPrivateKey(): Uint8Array {
        return this.#exchange.get(prototype.getPrivateKey, "getPrivateKey");
      }
      setPublicKey(key: unknown): void {
        this.#exchange.set(prototype.setPublicKey, false, key);
      }
      setPrivateKey(key: unknown): void {
        this.#exchange.set(prototype.setPrivateKey, true, key);
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
    const prototype = {
      generateKeys,
      computeSecret,
      getPrime,
      getGenerator,
      getPublicKey,
      getPrivateKey,
      setPublicKey,
      setPrivateKey,
    };
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

/** `src/crypto/crypto_ec.cc`: the class ECDH, and the conversion of points. */
function installEcdh(binding: Binding, realm: Realm, leftovers: Leftovers): void {
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
}

/** Diffie-Hellman in all its forms. */
export function installExchange(binding: Binding, realm: Realm, leftovers: Leftovers): void {
  const { exchange } = realm.sys;
  installDiffieHellman(binding, realm, leftovers);
  installEcdh(binding, realm, leftovers);

  const ECDHConvertKey = (point: unknown, curve: string, form: unknown): Uint8Array | string => {
    const bytes = copyOf(point);
    if (typedArrayByteLength(bytes) === 0) return "";
    return asNodeBuffer(
      realm,
      engine(ECDHConvertKey, () => exchange.convertPoint(bytes, curve, formOf(form))),
    );
  };
  const statelessDH = (privateKey: unknown, publicKey: unknown): Uint8Array =>
    asNodeBuffer(
      realm,
      engine(statelessDH, () => exchange.agree(keyNumber(privateKey), keyNumber(publicKey))),
    );
  implement(binding, { ECDHConvertKey, statelessDH });

  const bits = (publicKey: unknown, privateKey: unknown): ArrayBufferLike =>
    typedArrayBuffer(exchange.agree(keyNumber(privateKey), keyNumber(publicKey)));
  installJob(binding, realm, "ECDHBitsJob", "DERIVEBITSREQUEST", bits);
  installJob(binding, realm, "DHBitsJob", "DERIVEBITSREQUEST", bits);
}
