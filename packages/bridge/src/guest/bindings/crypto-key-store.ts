import { KEY_PART, MAX_KEYS } from "../../contract/keys.ts";
import { exactCopy } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { Leftovers } from "../lib/leftovers.ts";
import { jsonParse, SafeWeakMap } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf, inputBytes } from "./crypto-bytes.ts";

/** An asymmetric key of the host. It is let go of there when nothing here holds this object. */
export interface HostKey {
  readonly id: number;
  readonly isPrivate: boolean;
  /** `asymmetricKeyType`; nothing for what Node has no name for. */
  readonly asymmetricType: string | undefined;
}

/** The key material of every secret key's handle and key object. It stays in the guest. */
const secrets = new SafeWeakMap<object, Uint8Array>();
/** The host's key of every other handle and key object. */
const hostKeys = new SafeWeakMap<object, HostKey>();

const asObject = (value: unknown): object | undefined =>
  typeof value === "object" && value !== null ? value : undefined;

export const setSecret = (holder: object, bytes: Uint8Array): void => void secrets.set(holder, bytes);
export const setHostKey = (holder: object, key: HostKey): void => void hostKeys.set(holder, key);

/** The bytes of a key: a secret key's handle, a key object, or the bytes themselves. */
export function secretOf(key: unknown): Uint8Array {
  const holder = asObject(key);
  return (holder && secrets.get(holder)) ?? inputBytes(key);
}

export function hostKeyOf(key: unknown): HostKey | undefined {
  const holder = asObject(key);
  return holder && hostKeys.get(holder);
}

/** The number of a handle's key; no key has number 0. */
export const keyNumber = (handle: unknown): number => hostKeyOf(handle)?.id ?? 0;

/** A handle over a key: `KeyObjectHandle` of the binding. */
export function makeHandle(binding: Binding, key: HostKey): object {
  const Handle = binding.KeyObjectHandle as new () => object;
  const handle = new Handle();
  setHostKey(handle, key);
  return handle;
}

/** A new secret key's handle over bytes nobody else holds. */
export function makeSecretHandle(binding: Binding, bytes: Uint8Array): object {
  const Handle = binding.KeyObjectHandle as new () => object;
  const handle = new Handle();
  setSecret(handle, bytes);
  return handle;
}

/** Takes keys over from the host's answers and gives them up when they are no longer used. */
export class HostKeys {
  readonly #leftovers: Leftovers;

  constructor(realm: Realm) {
    this.#leftovers = new Leftovers(realm, { few: 512, most: MAX_KEYS, close: (id) => realm.sys.keys.close(id) });
  }

  /** The key that three parts of an answer describe. */
  adopt(parts: readonly unknown[], at = 0): HostKey {
    const key: HostKey = {
      id: parts[at] as number,
      isPrivate: parts[at + 1] === "private",
      asymmetricType: parts[at + 2] as string | undefined,
    };
    this.#leftovers.watch(key, key.id);
    return key;
  }

  /** Makes a key by a syscall that answers three parts. */
  make(call: () => readonly unknown[]): HostKey {
    this.makeRoom();
    return this.adopt(call());
  }

  /** Called before a key is made. */
  makeRoom(): void {
    this.#leftovers.makeRoom();
  }

  /** What a program gets for four parts of a generated pair: a handle, text or bytes, or a JWK. */
  half(binding: Binding, parts: readonly unknown[], at: number): unknown {
    const value = parts[at + 1];
    switch (parts[at]) {
      case KEY_PART.handle:
        return makeHandle(binding, this.adopt(parts, at + 1));
      case KEY_PART.jwk:
        return jsonParse(value as string);
      default:
        return value;
    }
  }
}

/** Names of the binding's numbers for formats and encodings of keys. */
function nameOf(binding: Binding, table: Readonly<Record<string, string>>, number: unknown): string | undefined {
  for (const constant in table) if (number !== undefined && binding[constant] === number) return table[constant];
  return undefined;
}

// Without a prototype: what a program puts on Object.prototype is not to be walked.
const FORMATS = { __proto__: null, kKeyFormatPEM: "pem", kKeyFormatDER: "der", kKeyFormatJWK: "jwk" } as never;
const ENCODINGS = {
  __proto__: null,
  kKeyEncodingPKCS1: "pkcs1",
  kKeyEncodingPKCS8: "pkcs8",
  kKeyEncodingSPKI: "spki",
  kKeyEncodingSEC1: "sec1",
} as never;

const bytesOrNothing = (value: unknown): Uint8Array | undefined =>
  value === undefined || value === null ? undefined : copyOf(value);

/** Format, encoding, cipher and passphrase of an export, as they cross. */
export function encodingParts(
  binding: Binding,
  format: unknown,
  type: unknown,
  cipher?: unknown,
  passphrase?: unknown,
): (string | Uint8Array | undefined)[] {
  const parts: (string | Uint8Array | undefined)[] = [];
  append(parts, nameOf(binding, FORMATS, format));
  append(parts, nameOf(binding, ENCODINGS, type));
  append(parts, typeof cipher === "string" ? cipher : undefined);
  append(parts, bytesOrNothing(passphrase));
  return parts;
}

/** A key as it crosses: the number of a handle's, or data with its format, encoding and passphrase. */
export function keyInput(
  binding: Binding,
  data: unknown,
  format?: unknown,
  type?: unknown,
  passphrase?: unknown,
): (number | string | Uint8Array | undefined)[] {
  const key = hostKeyOf(data);
  if (key) return [key.id];
  return [
    exactCopy(inputBytes(data)),
    nameOf(binding, FORMATS, format),
    nameOf(binding, ENCODINGS, type),
    bytesOrNothing(passphrase),
  ];
}
