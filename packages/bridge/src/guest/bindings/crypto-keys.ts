import { bindingError } from "../lib/binding-error.ts";
import { exactCopy } from "../lib/bytes.ts";
import { dataDescriptor, putOwn } from "../lib/define.ts";
import { decodeBytes, Encoding, encodeString } from "../lib/encodings.ts";
import { registerHostObject, registerReviver } from "../lib/host-objects.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { looksNative } from "../lib/proxies.ts";
import { objectDefineProperty, SafeWeakMap, typedArrayByteLength } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf, inputBytes } from "./crypto-bytes.ts";
import { putClass } from "./crypto-class.ts";
import { unsupported } from "./crypto-error.ts";

/** The key material of every secret key's handle and key object. It stays in the guest: the host keeps no keys. */
const SECRET_KEY = "SecretKeyObject";
const secrets = new SafeWeakMap<object, Uint8Array>();

/** The bytes of a key: a secret key's handle, a key object, or the bytes themselves. */
export function secretOf(key: unknown): Uint8Array {
  const secret = typeof key === "object" && key !== null ? secrets.get(key) : undefined;
  return secret ?? inputBytes(key);
}

/** Place among the classes lib/internal/crypto/keys.js makes: KeyObject, SecretKeyObject, ... */
const SECRET_KEY_OBJECT = 1;

const invalidJwk = (message: string): Error => bindingError("TypeError", "ERR_CRYPTO_INVALID_JWK", message);

interface Jwk {
  readonly kty?: unknown;
  readonly k?: unknown;
}

/** `src/crypto/crypto_keys.cc`: KeyObjectHandle for secret keys, and the base class of KeyObject. */
export function installKeys(binding: Binding, realm: Realm): void {
  const { kKeyTypeSecret, kKeyTypePublic } = binding as Record<string, number>;

  class KeyObjectHandle {
    init(type: number, key: unknown): void {
      if (type !== kKeyTypeSecret)
        throw unsupported(type === kKeyTypePublic ? "createPublicKey" : "createPrivateKey", init);
      secrets.set(this, copyOf(key));
    }

    initJwk(jwk: Jwk): number {
      if (jwk.kty !== "oct") {
        if (jwk.kty === "RSA" || jwk.kty === "EC" || jwk.kty === "OKP") throw unsupported("createPublicKey", initJwk);
        throw invalidJwk(`${jwk.kty as string} is not a supported JWK key type`);
      }
      if (typeof jwk.k !== "string") throw invalidJwk("Invalid JWK secret key format");
      secrets.set(this, encodeString(jwk.k, Encoding.base64url));
      return kKeyTypeSecret as number;
    }

    getSymmetricKeySize(): number {
      return typedArrayByteLength(secretOf(this));
    }

    keyDetail(into: object): object {
      putOwn(into, "length", typedArrayByteLength(secretOf(this)) * 8);
      return into;
    }

    export(): Uint8Array {
      return asNodeBuffer(realm, exactCopy(secretOf(this)));
    }

    exportJwk(into: object): object {
      const secret = secretOf(this);
      putOwn(into, "kty", "oct");
      putOwn(into, "k", decodeBytes(secret, 0, typedArrayByteLength(secret), Encoding.base64url));
      return into;
    }

    equals(other: object): boolean {
      return sameBytes(secretOf(this), secretOf(other));
    }

    initEDRaw(_curve: string, _key: unknown, type: number): never {
      throw unsupported(type === kKeyTypePublic ? "createPublicKey" : "createPrivateKey", initEDRaw);
    }

    initECRaw(): never {
      throw unsupported("subtle.importKey", initECRaw);
    }
  }
  const { init, initJwk, initEDRaw, initECRaw } = KeyObjectHandle.prototype;
  putClass(binding, "KeyObjectHandle", KeyObjectHandle);

  // Without a name, as Node's own; `inspect(KeyObject)` shows it.
  function NativeKeyObject(this: object, handle: unknown) {
    const secret = secretOf(handle);
    secrets.set(this, secret);
    // A second object for the same key (`KeyObjectTransferData` of src/crypto/crypto_keys.cc).
    registerHostObject(this, {
      clone: () => new SecretKeyObject(makeSecretHandle(binding, secret)),
      portable: () => ({ kind: SECRET_KEY, data: secret }),
    });
  }
  let SecretKeyObject: new (handle: object) => object;
  registerReviver(SECRET_KEY, (secret) => new SecretKeyObject(makeSecretHandle(binding, secret as Uint8Array)));
  objectDefineProperty(NativeKeyObject, "name", dataDescriptor("", false, false));
  looksNative(NativeKeyObject, "");
  binding.createNativeKeyObjectClass = (make: (Base: unknown) => readonly unknown[]) => {
    const classes = make(NativeKeyObject);
    SecretKeyObject = classes[SECRET_KEY_OBJECT] as typeof SecretKeyObject;
    return classes;
  };
}

/** Looks at every byte whatever it finds. */
function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  const size = typedArrayByteLength(left);
  if (typedArrayByteLength(right) !== size) return false;
  let difference = 0;
  for (let i = 0; i < size; i++) difference |= (left[i] as number) ^ (right[i] as number);
  return difference === 0;
}

/** A new secret key's handle over bytes nobody else holds. */
export function makeSecretHandle(binding: Binding, bytes: Uint8Array): object {
  const Handle = binding.KeyObjectHandle as new () => object;
  const handle = new Handle();
  secrets.set(handle, bytes);
  return handle;
}
