import { MAILBOX } from "../../contract/mailbox.ts";
import { TypedArrayProto } from "../primordials.ts";
import { exactCopy } from "./bytes.ts";
import { Bytes } from "./intrinsics.ts";

/** One item that arrived: bytes for whoever the token names. */
export interface Arrival {
  readonly token: number;
  readonly bytes: Uint8Array;
}

/** The guest's side of the memory it shares with its cell. Nobody but the bindings has a view of it. */
export class Mailbox {
  readonly #header: Int32Array;
  readonly #incoming: Uint8Array;
  readonly #outgoing: Uint8Array;

  constructor(memory: SharedArrayBuffer) {
    this.#header = new Int32Array(memory, 0, MAILBOX.items * 2);
    this.#incoming = new Bytes(memory, MAILBOX.inAt, MAILBOX.inBytes);
    this.#outgoing = new Bytes(memory, MAILBOX.outAt, MAILBOX.outBytes);
  }

  /** Takes out what has arrived, all of it: the next syscall may bring more. */
  take(count: number): Arrival[] {
    const arrivals: Arrival[] = [];
    let at = 0;
    for (let i = 0; i < count; i++) {
      const size = this.#header[2 * i + 1] as number;
      arrivals[i] = { token: this.#header[2 * i] as number, bytes: exactCopy(this.#incoming, at, at + size) };
      at += size;
    }
    return arrivals;
  }

  /** Puts bytes where the next syscall finds them; at most `MAILBOX.outBytes`. */
  put(bytes: Uint8Array): void {
    TypedArrayProto.set(this.#outgoing, bytes, 0);
  }
}
