import { MAILBOX } from "../../contract/mailbox.ts";
import { TypedArrayProto, typedArrayByteLength } from "../primordials.ts";
import type { NativeHelper } from "../realm.ts";
import { exactCopy, part } from "./bytes.ts";
import { Bytes } from "./intrinsics.ts";

const NOTHING = new Bytes(0);

/** One item that arrived: bytes for whoever the token names. */
export class Arrival {
  readonly token: number;
  /** Whoever it was for has had it. */
  isTaken = false;
  #bytes: Uint8Array;
  #isBorrowed: boolean;

  constructor(token: number, bytes: Uint8Array, isBorrowed: boolean) {
    this.token = token;
    this.#bytes = bytes;
    this.#isBorrowed = isBorrowed;
  }

  /** The bytes are still where they arrived. */
  get isBorrowed(): boolean {
    return this.#isBorrowed;
  }

  get size(): number {
    return typedArrayByteLength(this.#bytes);
  }

  /** The bytes where they lie, for who copies them at once; they change when control is back at the cell. */
  borrow(): Uint8Array {
    return this.#bytes;
  }

  /** The bytes in memory of their own, exactly as large. */
  own(): Uint8Array {
    if (this.#isBorrowed) this.#bytes = exactCopy(this.#bytes);
    this.#isBorrowed = false;
    return this.#bytes;
  }
}

/** The guest's side of the memory it shares with its cell. Nobody but the bindings has a view of it. */
export class Mailbox {
  readonly #header: Int32Array;
  readonly #incoming: Uint8Array;
  /** Where the next syscall finds bytes, from the beginning on. */
  readonly outgoing: Uint8Array;

  readonly #native: Pick<NativeHelper, "takeHanded"> | undefined;

  constructor(memory: ArrayBuffer | SharedArrayBuffer, native: Pick<NativeHelper, "takeHanded"> | undefined) {
    this.#native = native;
    this.#header = new Int32Array(memory, 0, MAILBOX.items * 2);
    this.#incoming = new Bytes(memory, MAILBOX.inAt, MAILBOX.inBytes);
    this.outgoing = new Bytes(memory, MAILBOX.outAt, MAILBOX.outBytes);
  }

  /** What has arrived. What is not taken when control goes back to the cell is to be copied first (`own`). */
  arrived(count: number): Arrival[] {
    const arrivals: Arrival[] = [];
    let at = 0;
    for (let i = 0; i < count; i++) {
      const token = this.#header[2 * i] as number;
      const size = this.#header[2 * i + 1] as number;
      if (size === MAILBOX.isHanded) arrivals[i] = new Arrival(token, this.#takeHanded(), false);
      else {
        arrivals[i] = new Arrival(token, part(this.#incoming, at, at + size), true);
        at += size;
      }
    }
    return arrivals;
  }

  #takeHanded(): Uint8Array {
    const buffer = this.#native?.takeHanded();
    return buffer ? new Bytes(buffer) : NOTHING;
  }

  /** Puts bytes there. */
  put(bytes: Uint8Array): void {
    TypedArrayProto.set(this.outgoing, bytes, 0);
  }
}
