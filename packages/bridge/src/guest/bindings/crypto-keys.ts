import { bindingError } from "../lib/binding-error.ts";
import { exactCopy } from "../lib/bytes.ts";
import { putOwn } from "../lib/define.ts";
import { decodeBytes, Encoding, encodeString } from "../lib/encodings.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { typedArrayBuffer, typedArrayByteLength } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf } from "./crypto-bytes.ts";
import { putClass } from "./crypto-class.ts";
import { type Below, engine } from "./crypto-error.ts";
import { jwkKind, jwkText } from "./crypto-jwk.ts";
import {
  encodingParts,
  type HostKey,
  type HostKeys,
  hostKeyOf,
  keyInput,
  keyNumber,
  secretOf,
  setHostKey,
  setSecret,
} from "./crypto-key-store.ts";

const notAnAsymmetricKey = (): Error => bindingError("RangeError", "ERR_CRYPTO_INVALID_KEYTYPE", "Invalid key type");

/** Puts pairs into an object; bytes as the ArrayBuffer that C++ makes of a large number. */
function putPairs(into: object, pairs: readonly unknown[]): object {
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const value = pairs[i + 1];
    putOwn(into, pairs[i] as string, typeof value === "object" ? typedArrayBuffer(value as Uint8Array) : value);
  }
  return into;
}

/** `src/crypto/crypto_keys.cc`, KeyObjectHandle: secret keys are bytes here, the others are the host's. */
export function installKeys(binding: Binding, realm: Realm, hostKeys: HostKeys): void {
  const { kKeyTypeSecret, kKeyTypePublic, kKeyTypePrivate } = binding as Record<string, number>;
  const { keys } = realm.sys;

  class KeyObjectHandle {
    init(type: number, key: unknown, format: unknown, encoding: unknown, passphrase: unknown): void {
      if (type === kKeyTypeSecret) {
        setSecret(this, copyOf(key));
        return;
      }
      const input = keyInput(binding, key, format, encoding, passphrase);
      const create = type === kKeyTypePublic ? keys.createPublic : keys.createPrivate;
      setHostKey(
        this,
        engine(init, () => hostKeys.make(() => create(input))),
      );
    }

    /** -> the type of the key */
    initJwk(jwk: object): number {
      const kind = jwkKind(jwk);
      if (kind.kty === "oct") {
        setSecret(this, encodeString(kind.k, Encoding.base64url));
        return kKeyTypeSecret as number;
      }
      const text = jwkText(jwk, kind);
      setHostKey(
        this,
        engine(initJwk, () => hostKeys.make(() => keys.fromJwk(kind.isPrivate, text))),
      );
      return (kind.isPrivate ? kKeyTypePrivate : kKeyTypePublic) as number;
    }

    getSymmetricKeySize(): number {
      return typedArrayByteLength(secretOf(this));
    }

    getAsymmetricKeyType(): string | undefined {
      return hostKeyOf(this)?.asymmetricType;
    }

    keyDetail(into: object): object {
      const key = hostKeyOf(this);
      if (!key) {
        putOwn(into, "length", typedArrayByteLength(secretOf(this)) * 8);
        return into;
      }
      const pairs = engine(keyDetail, () => keys.details(key.id));
      if (pairs.length === 0 && !hasDetails(key)) throw notAnAsymmetricKey();
      return putPairs(into, pairs);
    }

    checkEcKeyData(): boolean {
      return engine(checkEcKeyData, () => keys.checkEc(keyNumber(this)));
    }

    export(format: unknown, type: unknown, cipher: unknown, passphrase: unknown): unknown {
      const key = hostKeyOf(this);
      if (!key) return asNodeBuffer(realm, exactCopy(secretOf(this)));
      const encoding = encodingParts(binding, format, type, cipher, passphrase);
      const made = engine(exportKey, () => keys.export(key.id, encoding))[0];
      return typeof made === "string" ? made : asNodeBuffer(realm, made as Uint8Array);
    }

    exportJwk(into: object): object {
      const key = hostKeyOf(this);
      if (key)
        return putPairs(
          into,
          engine(exportJwk, () => keys.exportJwk(key.id)),
        );
      const secret = secretOf(this);
      putOwn(into, "kty", "oct");
      putOwn(into, "k", decodeBytes(secret, 0, typedArrayByteLength(secret), Encoding.base64url));
      return into;
    }

    equals(other: object): boolean {
      const mine = hostKeyOf(this);
      const theirs = hostKeyOf(other);
      if (mine && theirs) return mine.id === theirs.id || engine(equals, () => keys.equal(mine.id, theirs.id));
      return mine === theirs && sameBytes(secretOf(this), secretOf(other));
    }

    /** -> whether the bytes are a key of the curve */
    initEDRaw(curve: string, key: unknown, type: number): boolean {
      return initRaw(this, initEDRaw, curve, key, type === kKeyTypePrivate);
    }

    initECRaw(curve: string, key: unknown): boolean {
      return initRaw(this, initECRaw, curve, key, false);
    }
  }
  const initRaw = (handle: object, below: Below, curve: string, key: unknown, isPrivate: boolean): boolean => {
    const bytes = copyOf(key);
    hostKeys.makeRoom();
    const parts = engine(below, () => keys.fromRaw(curve, bytes, isPrivate));
    if (parts.length > 0) setHostKey(handle, hostKeys.adopt(parts));
    return parts.length > 0;
  };
  const {
    init,
    initJwk,
    keyDetail,
    checkEcKeyData,
    export: exportKey,
    exportJwk,
    equals,
    initEDRaw,
    initECRaw,
  } = KeyObjectHandle.prototype;
  putClass(binding, "KeyObjectHandle", KeyObjectHandle);
}

const hasDetails = ({ asymmetricType: type }: HostKey): boolean =>
  type === "rsa" || type === "rsa-pss" || type === "dsa" || type === "ec";

/** Looks at every byte whatever it finds. */
function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  const size = typedArrayByteLength(left);
  if (typedArrayByteLength(right) !== size) return false;
  let difference = 0;
  for (let i = 0; i < size; i++) difference |= (left[i] as number) ^ (right[i] as number);
  return difference === 0;
}
