import { SyscallError } from "../client.ts";
import { mathMin } from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** Writes after which a stream is worth a lease; each refusal makes it so many times as many. */
const BUSY = 8;
const PATIENCE = 4;
const MOST_PATIENCE = 2 ** 20;
const NONE = 0;

/** The right of a busy stream to be written to without a syscall, which the cell gives and takes back. */
export class CellStreamLease {
  readonly #realm: Realm;
  #number = NONE;
  #writes = 0;
  #busy = BUSY;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  /**
   * Writes bytes of a view to the cell's stream `id` if it is leased.
   * @returns how many went; 0 where it is for a syscall to write them
   * @throws SyscallError where the stream is not there any more, or the connection has failed
   */
  write(id: number, view: Uint8Array, start: number, end: number): number {
    const { native } = this.#realm;
    if (!native || (this.#number === NONE && !this.#take(id))) return 0;
    const sent = native.writeLeased(this.#number, view, start, end);
    if (typeof sent === "number") return sent;
    this.#number = NONE;
    if (sent !== undefined) throw new SyscallError(sent, undefined, undefined);
    return 0;
  }

  #take(id: number): boolean {
    this.#writes += 1;
    if (this.#writes < this.#busy) return false;
    this.#writes = 0;
    this.#number = this.#realm.sys.stream.lease(id);
    const isTaken = this.#number !== NONE;
    this.#busy = isTaken ? BUSY : mathMin(this.#busy * PATIENCE, MOST_PATIENCE);
    return isTaken;
  }
}
