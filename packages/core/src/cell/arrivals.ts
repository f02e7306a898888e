import { MAILBOX } from "@vivarium/bridge/contract";
import { SyscallFailure } from "../errors/failure.ts";

const NOTHING = new Uint8Array(0);
/** Bytes after which a run is one that bodies stream through: what V8 on its own lets pass between two collections. */
const PLENTY = 8 * 1024 * 1024;

export interface ArrivalParts {
  /** Tells the guest that so many items are in the mailbox. */
  readonly deliver: (count: number) => void;
  /** Makes memory the guest's to take. -> whether; otherwise it is the caller's as before */
  readonly handOver: (bytes: Uint8Array) => boolean;
  /** So much has arrived that its garbage will count; told once. */
  readonly plenty: () => void;
  /** Tells it of a failure under a token. */
  readonly fail: (token: number, failure: SyscallFailure) => void;
}

/** Bytes on their way into the guest: what arrives in one round of the cell's event loop crosses in one entry. */
export class Arrivals {
  readonly #header: Int32Array;
  readonly #incoming: Uint8Array;
  readonly #outgoing: Uint8Array;
  readonly #parts: ArrivalParts;
  #handed = 0;
  #count = 0;
  #size = 0;
  #total = 0;
  #scheduled: NodeJS.Immediate | undefined;

  /** @param memory of the size of a mailbox, which the guest has too */
  constructor(memory: ArrayBufferLike, parts: ArrivalParts) {
    this.#header = new Int32Array(memory, 0, MAILBOX.items * 2);
    this.#incoming = new Uint8Array(memory, MAILBOX.inAt, MAILBOX.inBytes);
    this.#outgoing = new Uint8Array(memory, MAILBOX.outAt, MAILBOX.outBytes);
    this.#parts = parts;
  }

  /**
   * Bytes for a token, none for the end of what it stands for. Never called from within a syscall: a full mailbox is
   * emptied by an entry into the guest.
   * @param isGiven their memory crosses with them where they are as many as an item may be; otherwise they are copied here
   */
  push(token: number, bytes: Uint8Array, isGiven = false): void {
    if (!isGiven || bytes.byteLength !== MAILBOX.itemBytes || !this.#hand(token, bytes)) this.#copy(token, bytes);
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  #hand(token: number, bytes: Uint8Array): boolean {
    if (!this.#parts.handOver(bytes)) return false;
    if (this.#count === MAILBOX.items) this.flush();
    this.#header[2 * this.#count] = token;
    this.#header[2 * this.#count + 1] = MAILBOX.isHanded;
    this.#count += 1;
    this.#handed += 1;
    if (this.#handed === MAILBOX.handed) this.flush();
    return true;
  }

  #copy(token: number, bytes: Uint8Array): void {
    if (this.#size + bytes.byteLength > MAILBOX.inBytes) this.flush();
    let at = this.#extend(token, bytes);
    while (at < bytes.byteLength || bytes.byteLength === 0) {
      if (this.#count === MAILBOX.items || this.#size === MAILBOX.inBytes) this.flush();
      const size = Math.min(bytes.byteLength - at, MAILBOX.itemBytes, MAILBOX.inBytes - this.#size);
      this.#header[2 * this.#count] = token;
      this.#header[2 * this.#count + 1] = size;
      this.#count += 1;
      this.#put(bytes, at, size);
      at += size;
      if (size === 0) break;
    }
  }

  /** Bytes that follow others of the same stream join them, as in a socket's receive buffer. -> how many */
  #extend(token: number, bytes: Uint8Array): number {
    const last = 2 * (this.#count - 1);
    if (this.#count === 0 || this.#header[last] !== token) return 0;
    const known = this.#header[last + 1] as number;
    // After an end nothing comes, and what was handed on has no room.
    if (known === 0 || known === MAILBOX.isHanded) return 0;
    const size = Math.min(bytes.byteLength, MAILBOX.itemBytes - known, MAILBOX.inBytes - this.#size);
    this.#header[last + 1] = known + size;
    this.#put(bytes, 0, size);
    return size;
  }

  #put(bytes: Uint8Array, start: number, size: number): void {
    this.#incoming.set(size === bytes.byteLength ? bytes : bytes.subarray(start, start + size), this.#size);
    this.#size += size;
  }

  /** What arrived before it is delivered first. Bytes and a reset of one round are bytes and an end, as to libuv. */
  fail(token: number, failure: SyscallFailure): void {
    if (failure.code === "ECONNRESET" && this.#hasBytesFor(token)) this.push(token, NOTHING);
    else {
      this.flush();
      this.#parts.fail(token, failure);
    }
  }

  #hasBytesFor(token: number): boolean {
    for (let i = 0; i < this.#count; i++) if (this.#header[2 * i] === token) return true;
    return false;
  }

  /** Delivers what is there now. */
  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const count = this.#count;
    const before = this.#total;
    this.#total += this.#size + this.#handed * MAILBOX.itemBytes;
    this.#count = 0;
    this.#size = 0;
    this.#handed = 0;
    if (before < PLENTY && this.#total >= PLENTY) this.#parts.plenty();
    if (count > 0) this.#parts.deliver(count);
  }

  /** What the guest has put in, until it runs again. @throws SyscallFailure EINVAL where there cannot be so many bytes */
  outgoing(size: number): Uint8Array {
    if (size < 0 || size > MAILBOX.outBytes) throw new SyscallFailure("EINVAL");
    return this.#outgoing.subarray(0, size);
  }

  /** The run is over. */
  close(): void {
    clearImmediate(this.#scheduled);
    this.#count = 0;
    this.#handed = 0;
  }
}
