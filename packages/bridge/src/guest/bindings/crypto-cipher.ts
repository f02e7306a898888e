import { bindingError } from "../lib/binding-error.ts";
import { putOwn } from "../lib/define.ts";
import { NativeError } from "../lib/intrinsics.ts";
import type { Leftovers } from "../lib/leftovers.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf, inputBytes } from "./crypto-bytes.ts";
import { putClass } from "./crypto-class.ts";
import { cryptoError, engine, seenFrom } from "./crypto-error.ts";
import { secretOf } from "./crypto-key-store.ts";

/** `src/crypto/crypto_cipher.cc`: CipherBase over a state on the host. */
export function installCiphers(binding: Binding, realm: Realm, leftovers: Leftovers): void {
  const { crypto } = realm.sys;

  class CipherBase {
    readonly #encrypts: boolean;
    #id: number | undefined;
    #tag: Uint8Array | undefined;

    constructor(encrypts: boolean) {
      this.#encrypts = encrypts === true;
    }

    initiv(name: string, key: unknown, iv: unknown, tagLength: number): void {
      const secret = copyOf(secretOf(key));
      const vector = iv === null ? undefined : copyOf(iv);
      leftovers.makeRoom();
      const id = engine(initiv, () => crypto.cipherOpen(name, secret, vector, this.#encrypts, tagLength));
      this.#id = id;
      leftovers.watch(this, id);
    }

    update(data: unknown, encoding: unknown): Uint8Array {
      const id = this.#id;
      if (id === undefined) throw seenFrom(new NativeError("Trying to add data in unsupported state"), update);
      const bytes = copyOf(inputBytes(data, encoding));
      return asNodeBuffer(
        realm,
        engine(update, () => crypto.cipherUpdate(id, bytes)),
      );
    }

    final(): Uint8Array {
      const id = this.#id;
      if (id === undefined) throw bindingError("Error", "ERR_CRYPTO_INVALID_STATE", "Invalid state");
      this.#id = undefined;
      leftovers.forget(id);
      try {
        const parts = crypto.cipherFinal(id);
        this.#tag = parts[1] as Uint8Array | undefined;
        return asNodeBuffer(realm, parts[0] as Uint8Array);
      } catch (failure) {
        throw seenFrom(cryptoError(failure), final);
      }
    }

    setAutoPadding(padding: unknown): boolean {
      const id = this.#id;
      return id !== undefined && engine(setAutoPadding, () => crypto.cipherPadding(id, padding !== false));
    }

    getAuthTag(): Uint8Array | undefined {
      return this.#tag && asNodeBuffer(realm, copyOf(this.#tag));
    }

    setAuthTag(tag: unknown): boolean {
      const id = this.#id;
      const bytes = copyOf(tag);
      return id !== undefined && engine(setAuthTag, () => crypto.cipherTag(id, bytes));
    }

    setAAD(data: unknown, plaintextLength: number): boolean {
      const id = this.#id;
      const bytes = copyOf(data);
      return id !== undefined && engine(setAAD, () => crypto.cipherAdditional(id, bytes, plaintextLength));
    }
  }
  const { initiv, update, final, setAutoPadding, setAuthTag, setAAD } = CipherBase.prototype;
  putClass(binding, "CipherBase", CipherBase);

  const cipherInfo = (
    into: object,
    nameOrNid: string | number,
    keyLength?: number,
    ivLength?: number,
  ): object | undefined => {
    const pairs = engine(cipherInfo, () => crypto.cipherInfo([nameOrNid, keyLength, ivLength]));
    for (let i = 0; i + 1 < pairs.length; i += 2) putOwn(into, pairs[i] as string, pairs[i + 1]);
    return pairs.length === 0 ? undefined : into;
  };
  binding.getCipherInfo = cipherInfo;
}
