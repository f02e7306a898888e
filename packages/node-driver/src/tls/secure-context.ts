import { TLS_MATERIALS, TLS_NUMBERS, TLS_TEXTS } from "@vivarium/bridge/contract";
import { SyscallFailure } from "@vivarium/core/errors";
import { checkKeyData } from "../crypto/keys/key-data.ts";
import { type NativeContext, tlsEngine } from "./engine.ts";

const INT32 = 2 ** 31;

/** @throws SyscallFailure EINVAL for what is no 32-bit number: the engine asserts it */
export function int32(value: number): number {
  if (value < -INT32 || value >= INT32) throw new SyscallFailure("EINVAL");
  return value;
}

/** The place-th name of a table of the contract. @throws SyscallFailure EINVAL */
export function nameAt<T extends string>(names: readonly T[], place: number): T {
  const name = names[place];
  if (name === undefined) throw new SyscallFailure("EINVAL");
  return name;
}

/** Bytes of the engine's ticket keys: name, HMAC key and AES key. */
const TICKET_KEYS = 48;

/** One secure context: certificates, keys, protocol versions and ciphers of connections. */
export class SecureContext implements Disposable {
  readonly native: NativeContext;
  /** Counts what the context is given; throws where that is too much. */
  readonly #charge: (bytes: number) => void;

  /** @throws the engine's errors for a method or a version it does not have */
  constructor(method: string | undefined, min: number, max: number, charge: (bytes: number) => void) {
    this.#charge = charge;
    const { Context } = tlsEngine();
    this.native = new Context();
    this.native.init(method, int32(min), int32(max));
  }

  key(pem: Uint8Array, passphrase: string | undefined): void {
    this.#charge(pem.byteLength);
    // A key whose cost cannot be read is not decrypted.
    if (!checkKeyData(pem, "pem") || passphrase === undefined) this.native.setKey(pem);
    else this.native.setKey(pem, passphrase);
  }

  material(place: number, pem: Uint8Array): void {
    this.#charge(pem.byteLength);
    this.native[nameAt(TLS_MATERIALS, place)](pem);
  }

  text(place: number, text: string): void {
    this.native[nameAt(TLS_TEXTS, place)](text);
  }

  number(place: number, value: number): void {
    const name = nameAt(TLS_NUMBERS, place);
    // Options are 64 bits wide in the engine and come as they are.
    this.native[name](name === "setOptions" ? value : int32(value));
  }

  dh(parameters: Uint8Array | undefined): string | undefined {
    this.#charge(parameters?.byteLength ?? 0);
    return this.native.setDHParam(parameters ?? true);
  }

  archive(data: Uint8Array, passphrase: Uint8Array | undefined): void {
    this.#charge(data.byteLength);
    if (passphrase === undefined) this.native.loadPKCS12(data);
    else this.native.loadPKCS12(data, passphrase);
  }

  setTicketKeys(keys: Uint8Array): void {
    if (keys.byteLength !== TICKET_KEYS) throw new SyscallFailure("EINVAL");
    this.native.setTicketKeys(keys);
  }

  [Symbol.dispose](): void {
    this.native.close();
  }
}
