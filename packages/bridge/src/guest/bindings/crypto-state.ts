import { exactCopy, part } from "../lib/bytes.ts";
import { Bytes } from "../lib/intrinsics.ts";
import type { Leftovers } from "../lib/leftovers.ts";
import { TypedArrayProto, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { inChunks } from "./crypto-bytes.ts";

/** Input kept in the guest before a state is opened on the host: most digests are made in one call. */
const GATHERED = 64 * 1024;

/** How one digest or MAC is made on the host. */
export interface DigestCalls {
  once(data: Uint8Array): Uint8Array;
  open(): number;
}

/** A digest or MAC under way: small input is gathered here and sent once, larger input feeds a state on the host. */
export class DigestState {
  readonly #realm: Realm;
  readonly #leftovers: Leftovers;
  readonly #calls: DigestCalls;
  #gathered: Uint8Array | undefined;
  #size = 0;
  #id: number | undefined;

  constructor(realm: Realm, leftovers: Leftovers, calls: DigestCalls) {
    this.#realm = realm;
    this.#leftovers = leftovers;
    this.#calls = calls;
  }

  update(data: Uint8Array): void {
    const more = typedArrayByteLength(data);
    if (this.#id === undefined && this.#size + more <= GATHERED) this.#gather(data, more);
    else {
      this.#feed();
      this.#send(data);
    }
  }

  finish(): Uint8Array {
    if (this.#id === undefined) return this.#calls.once(this.#taken());
    const id = this.#id;
    this.#leftovers.forget(id);
    this.#id = undefined;
    return this.#realm.sys.crypto.digest(id);
  }

  /** The same input so far, to be ended in another way. `copy` copies the host's state. */
  fork(calls: DigestCalls, copy: (id: number) => number): DigestState {
    const forked = new DigestState(this.#realm, this.#leftovers, calls);
    if (this.#id !== undefined) {
      this.#leftovers.makeRoom();
      forked.#adopt(copy(this.#id));
    }
    if (this.#id === undefined && this.#size > 0)
      forked.#gather(part(this.#gathered as Uint8Array, 0, this.#size), this.#size);
    return forked;
  }

  #adopt(id: number): void {
    this.#id = id;
    this.#leftovers.watch(this, id);
  }

  #gather(data: Uint8Array, more: number): void {
    const needed = this.#size + more;
    if (this.#gathered === undefined || typedArrayByteLength(this.#gathered) < needed) {
      const grown = new Bytes(this.#gathered === undefined ? needed : needed * 2);
      if (this.#gathered) TypedArrayProto.set(grown, part(this.#gathered, 0, this.#size));
      this.#gathered = grown;
    }
    TypedArrayProto.set(this.#gathered, data, this.#size);
    this.#size = needed;
  }

  #taken(): Uint8Array {
    const taken = this.#gathered === undefined ? new Bytes(0) : exactCopy(this.#gathered, 0, this.#size);
    this.#gathered = undefined;
    this.#size = 0;
    return taken;
  }

  /** Moves to a state on the host. */
  #feed(): void {
    if (this.#id !== undefined) return;
    this.#leftovers.makeRoom();
    this.#adopt(this.#calls.open());
    this.#send(this.#taken());
  }

  #send(data: Uint8Array): void {
    const id = this.#id as number;
    inChunks(data, (chunk) => this.#realm.sys.crypto.update(id, chunk));
  }
}
