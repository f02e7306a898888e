import { exactCopy, part } from "../lib/bytes.ts";
import { Bytes } from "../lib/intrinsics.ts";
import type { Leftovers } from "../lib/leftovers.ts";
import { TypedArrayProto, typedArrayByteLength } from "../primordials.ts";
import { inChunks } from "./crypto-bytes.ts";

/** Input kept in the guest before a state is opened on the host: most digests are made in one call. */
const GATHERED = 64 * 1024;

/** How input is taken on the host. */
export interface Feed {
  open(): number;
  update(id: number, data: Uint8Array): void;
}

/** How it ends there: of gathered data in one call, or of a state. */
export interface Ending<T> {
  once(data: Uint8Array): T;
  end(id: number): T;
}

/**
 * A digest, MAC or signature under way: small input is gathered here and sent once, larger input feeds a state on the
 * host.
 */
export class DigestState {
  readonly #leftovers: Leftovers;
  readonly #feedTo: Feed;
  #gathered: Uint8Array | undefined;
  #size = 0;
  #id: number | undefined;

  constructor(leftovers: Leftovers, feedTo: Feed) {
    this.#leftovers = leftovers;
    this.#feedTo = feedTo;
  }

  update(data: Uint8Array): void {
    const more = typedArrayByteLength(data);
    if (this.#id === undefined && this.#size + more <= GATHERED) this.#gather(data, more);
    else {
      this.#feed();
      this.#send(data);
    }
  }

  finish<T>(ending: Ending<T>): T {
    if (this.#id === undefined) return ending.once(this.#taken());
    const id = this.#id;
    this.#leftovers.forget(id);
    this.#id = undefined;
    return ending.end(id);
  }

  /** The same input so far, to be ended in another way. `copy` copies the host's state. */
  fork(feedTo: Feed, copy: (id: number) => number): DigestState {
    const forked = new DigestState(this.#leftovers, feedTo);
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
    this.#adopt(this.#feedTo.open());
    this.#send(this.#taken());
  }

  #send(data: Uint8Array): void {
    const id = this.#id as number;
    inChunks(data, (chunk) => this.#feedTo.update(id, chunk));
  }
}
