import { SyscallError } from "../client.ts";
import type { Leftovers } from "../lib/leftovers.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import type { Realm } from "../realm.ts";
import { copyOf } from "./crypto-bytes.ts";
import { type Below, cryptoError, engine, seenFrom } from "./crypto-error.ts";

/** The library throws this one itself, when it is told so. */
const INVALID_POINT = "ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY";

/** One exchange of the host: what the handles of Diffie-Hellman and ECDH are over. */
export class Exchange {
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
