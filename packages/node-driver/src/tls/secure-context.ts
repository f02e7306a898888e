import { TLS_MATERIALS, TLS_NUMBERS, TLS_TEXTS } from "@vivarium/bridge/contract";
import { SyscallFailure } from "@vivarium/core/errors";
import { checkKeyData } from "../crypto/keys/key-data.ts";
import { checkArchive } from "./archive.ts";
import { type NativeContext, tlsEngine } from "./engine.ts";

const INT32 = 2 ** 31;

/** @throws SyscallFailure EINVAL for what is no 32-bit number: the engine asserts it */
export function int32(value: number): number {
  if (value < -INT32 || value >= INT32) throw new SyscallFailure("EINVAL");
  return value;
}

/** Protocol versions as TLS numbers them, TLS 1.0 to 1.3, and 0 for no bound of one's own. */
const VERSIONS: readonly number[] = [0, 0x0301, 0x0302, 0x0303, 0x0304];

const version = (value: number): number => {
  if (!VERSIONS.includes(value)) throw new SyscallFailure("EINVAL");
  return value;
};

const seconds = (value: number): number => {
  if (value < 0) throw new SyscallFailure("EINVAL");
  return int32(value);
};

/** What may stand for a number of a context; the engine asserts the rest. */
const NUMBERS: Readonly<Record<(typeof TLS_NUMBERS)[number], (value: number) => number>> = {
  setMinProto: version,
  setMaxProto: version,
  // 64 bits wide in the engine.
  setOptions: (value) => value,
  setSessionTimeout: seconds,
};

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
  /** The context has a store of certificates of its own, whose address the engine keeps. */
  #hasStore = false;
  #holders = 0;
  #isClosed = false;

  /** @throws the engine's errors for a method or a version it does not have */
  constructor(method: string | undefined, min: number, max: number, charge: (bytes: number) => void) {
    this.#charge = charge;
    const { Context } = tlsEngine();
    this.native = new Context();
    this.native.init(method, version(min), version(max));
  }

  key(pem: Uint8Array, passphrase: string | undefined): void {
    this.#charge(pem.byteLength);
    // A key whose cost cannot be read is not decrypted.
    if (!checkKeyData(pem, "pem") || passphrase === undefined) this.native.setKey(pem);
    else this.native.setKey(pem, passphrase);
  }

  material(place: number, pem: Uint8Array): void {
    const name = nameAt(TLS_MATERIALS, place);
    this.#charge(pem.byteLength);
    if (name !== "setCert") this.#hasStore = true;
    this.native[name](pem);
  }

  /** @throws SyscallFailure EINVAL after certificates of its own: their store would be freed and used on */
  roots(): void {
    if (this.#hasStore) throw new SyscallFailure("EINVAL");
    this.native.addRootCerts();
  }

  partialChains(): void {
    this.#hasStore = true;
    this.native.setAllowPartialTrustChain();
  }

  text(place: number, text: string): void {
    this.native[nameAt(TLS_TEXTS, place)](text);
  }

  number(place: number, value: number): void {
    const name = nameAt(TLS_NUMBERS, place);
    this.native[name](NUMBERS[name](value));
  }

  dh(parameters: Uint8Array | undefined): string | undefined {
    this.#charge(parameters?.byteLength ?? 0);
    return this.native.setDHParam(parameters ?? true);
  }

  archive(data: Uint8Array, passphrase: Uint8Array | undefined): void {
    this.#hasStore = true;
    this.#charge(data.byteLength);
    checkArchive(data, passphrase);
    if (passphrase === undefined) this.native.loadPKCS12(data);
    else this.native.loadPKCS12(data, passphrase);
  }

  setTicketKeys(keys: Uint8Array): void {
    if (keys.byteLength !== TICKET_KEYS) throw new SyscallFailure("EINVAL");
    this.native.setTicketKeys(keys);
  }

  /** A connection uses it: the engine looks into it as long as that lives. */
  hold(): void {
    this.#holders += 1;
  }

  release(): void {
    this.#holders -= 1;
    this.#closeUnused();
  }

  #closeUnused(): void {
    if (this.#isClosed && this.#holders === 0) this.native.close();
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#closeUnused();
  }
}
