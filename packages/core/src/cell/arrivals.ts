import { Buffer } from "node:buffer";
import { MAILBOX } from "@vivarium/bridge/contract";
import { SyscallFailure } from "../errors/failure.ts";

export interface ArrivalParts {
  /** Tells the guest that so many items are in the mailbox. */
  readonly deliver: (count: number) => void;
  /** Tells it of a failure under a token. */
  readonly fail: (token: number, failure: SyscallFailure) => void;
}

/** Bytes on their way into the guest: what arrives in one round of the cell's event loop crosses in one entry. */
export class Arrivals {
  readonly memory = new SharedArrayBuffer(MAILBOX.bytes);
  readonly #header = new Int32Array(this.memory, 0, MAILBOX.items * 2);
  readonly #incoming = Buffer.from(this.memory, MAILBOX.inAt, MAILBOX.inBytes);
  readonly #outgoing = Buffer.from(this.memory, MAILBOX.outAt, MAILBOX.outBytes);
  readonly #parts: ArrivalParts;
  #count = 0;
  #size = 0;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(parts: ArrivalParts) {
    this.#parts = parts;
  }

  /**
   * Bytes for a token, none for the end of what it stands for. They are copied here. Never called from within a syscall:
   * a full mailbox is emptied by an entry into the guest.
   */
  push(token: number, bytes: Uint8Array): void {
    if (this.#size + bytes.byteLength > MAILBOX.inBytes) this.flush();
    let at = 0;
    do {
      if (this.#count === MAILBOX.items || this.#size === MAILBOX.inBytes) this.flush();
      const size = Math.min(bytes.byteLength - at, MAILBOX.itemBytes, MAILBOX.inBytes - this.#size);
      this.#incoming.set(bytes.subarray(at, at + size), this.#size);
      this.#header[2 * this.#count] = token;
      this.#header[2 * this.#count + 1] = size;
      this.#count += 1;
      this.#size += size;
      at += size;
    } while (at < bytes.byteLength);
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  /** What arrived before it is delivered first. */
  fail(token: number, failure: SyscallFailure): void {
    this.flush();
    this.#parts.fail(token, failure);
  }

  /** Delivers what is there now. */
  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const count = this.#count;
    this.#count = 0;
    this.#size = 0;
    if (count > 0) this.#parts.deliver(count);
  }

  /** What the guest has put in: a copy. @throws SyscallFailure EINVAL where there cannot be so many bytes */
  takeOutgoing(size: number): Uint8Array {
    if (size < 0 || size > MAILBOX.outBytes) throw new SyscallFailure("EINVAL");
    return Buffer.from(this.#outgoing.subarray(0, size));
  }

  /** The run is over. */
  close(): void {
    clearImmediate(this.#scheduled);
    this.#count = 0;
  }
}
