import { dataDescriptor } from "../lib/define.ts";
import { registerHome, registerHostObject, registerReviver } from "../lib/host-objects.ts";
import { looksNative } from "../lib/proxies.ts";
import { objectDefineProperty } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import {
  type HostKey,
  type HostKeys,
  hostKeyOf,
  makeHandle,
  makeSecretHandle,
  secretOf,
  setHostKey,
  setSecret,
} from "./crypto-key-store.ts";

/** Kinds of keys on their way to another thread. */
const SECRET_KEY = "SecretKeyObject";
const PUBLIC_KEY = "PublicKeyObject";
const PRIVATE_KEY = "PrivateKeyObject";
registerHome(SECRET_KEY, "internal/crypto/keys");
registerHome(PUBLIC_KEY, "internal/crypto/keys");
registerHome(PRIVATE_KEY, "internal/crypto/keys");

type KeyClass = new (handle: object) => object;

/** The classes lib/internal/crypto/keys.js makes, in its order. */
interface KeyClasses {
  readonly 1: KeyClass;
  readonly 2: KeyClass;
  readonly 3: KeyClass;
}

const DER_ENCODING = { [PUBLIC_KEY]: "spki", [PRIVATE_KEY]: "pkcs8" } as const;

/** The base class of `KeyObject`, and how key objects are cloned (`KeyObjectTransferData` of src/crypto/crypto_keys.cc). */
export function installKeyObjects(binding: Binding, realm: Realm, hostKeys: HostKeys): void {
  const { keys } = realm.sys;
  let classes: KeyClasses;

  const secretAgain = (secret: Uint8Array): object => new classes[1](makeSecretHandle(binding, secret));
  const keyAgain = (key: HostKey): object => new classes[key.isPrivate ? 3 : 2](makeHandle(binding, key));

  function registerSecret(object: object, secret: Uint8Array): void {
    setSecret(object, secret);
    registerHostObject(object, {
      clone: () => secretAgain(secret),
      portable: () => ({ kind: SECRET_KEY, data: secret }),
    });
  }
  // Another thread is another cell, whose host has keys of its own: the key goes there as DER.
  function registerKey(object: object, key: HostKey): void {
    setHostKey(object, key);
    const kind = key.isPrivate ? PRIVATE_KEY : PUBLIC_KEY;
    registerHostObject(object, {
      clone: () => keyAgain(key),
      portable: () => ({ kind, data: keys.export(key.id, ["der", DER_ENCODING[kind], undefined, undefined])[0] }),
    });
  }

  // Without a name, as Node's own; `inspect(KeyObject)` shows it.
  function NativeKeyObject(this: object, handle: unknown) {
    const key = hostKeyOf(handle);
    if (key) registerKey(this, key);
    else registerSecret(this, secretOf(handle));
  }
  objectDefineProperty(NativeKeyObject, "name", dataDescriptor("", false, false));
  looksNative(NativeKeyObject, "");

  registerReviver(SECRET_KEY, (secret) => secretAgain(secret as Uint8Array));
  const revive = (kind: typeof PUBLIC_KEY | typeof PRIVATE_KEY) => {
    const create = kind === PRIVATE_KEY ? keys.createPrivate : keys.createPublic;
    registerReviver(kind, (der) =>
      keyAgain(hostKeys.make(() => create([der as Uint8Array, "der", DER_ENCODING[kind], undefined]))),
    );
  };
  revive(PUBLIC_KEY);
  revive(PRIVATE_KEY);

  binding.createNativeKeyObjectClass = (make: (Base: unknown) => KeyClasses) => {
    classes = make(NativeKeyObject);
    return classes;
  };
}
