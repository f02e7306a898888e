import { SyscallError } from "../client.ts";
import { exactCopy, part } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import type { Arrival } from "../lib/mailbox.ts";
import { refusedStatus } from "../lib/network-status.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { ArrayProto, mathMin, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { type CellStreamParts, ignoreRefusal } from "./cell-stream-parts.ts";

/** The half of a stream of the cell's that is read. */
export class CellStreamInput {
  readonly #parts: CellStreamParts;
  readonly #realm: Realm;
  bytesRead = 0;
  #isReading = false;
  /** The cell sends what it reads. */
  #isFed = false;
  /** The cell's word for whoever hears what it reads; 0 before the first. */
  #token = 0;
  #isScheduled = false;
  /** What arrived while nobody was reading, or more than the reader's buffer holds: bytes, or a negative errno. */
  #kept: (Uint8Array | number)[] = [];
  /** Why the host says no, where that is what is kept last. */
  #refusal: SyscallError | undefined;

  constructor(parts: CellStreamParts) {
    this.#parts = parts;
    this.#realm = parts.realm;
  }

  #errno(code: string): number {
    return errnoOf(this.#realm, code);
  }

  start(): number {
    const { handle, place } = this.#parts;
    if (handle.isClosing) return this.#errno("EINVAL");
    if (!place.isAttached) return this.#errno("ENOTCONN");
    if (this.#isReading) return this.#errno("EALREADY");
    this.#setReading(true);
    this.#goOn();
    return 0;
  }

  stop(): number {
    this.#setReading(false);
    return 0;
  }

  /** There is nothing to read, and never will be. */
  end(): void {
    append(this.#kept, this.#errno("EOF"));
  }

  close(): void {
    this.#isReading = false;
    this.#kept = [];
    this.#realm.unlisten(this.#token);
  }

  #setReading(reading: boolean): void {
    this.#isReading = reading;
    this.#parts.handle.setActive(reading);
  }

  /** Brings the next delivery about: of what is kept in a callback of its own, else of what the cell has next. */
  #goOn(): void {
    if (!this.#isReading) return;
    if (this.#kept.length === 0) {
      this.#feed();
      return;
    }
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#realm.loop.complete(() => {
      this.#isScheduled = false;
      this.#deliver();
    });
  }

  /** Has the cell send what it reads from now on. */
  #feed(): void {
    if (this.#isFed) return;
    this.#isFed = true;
    if (this.#token === 0)
      this.#token = this.#realm.listen((failure, arrival) => this.#arrived(failure, arrival as Arrival | undefined));
    try {
      this.#realm.sys.stream.start(this.#parts.place.id, this.#token);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#realm.loop.complete(() => this.#arrived(error, undefined));
    }
  }

  #arrived(failure: SyscallError | undefined, arrival: Arrival | undefined): void {
    const { handle, listener, place } = this.#parts;
    if (handle.isClosing) return;
    const size = arrival?.size ?? 0;
    if (size === 0) this.#isFed = false;
    const isNext = this.#isReading && this.#kept.length === 0 && !this.#isScheduled;
    if (isNext && arrival && size > 0 && listener.consumer?.copies) {
      this.#emit(size, arrival.borrow(), arrival.isBorrowed);
      return;
    }
    this.#refusal = failure;
    append(this.#kept, failure ? this.#errno(failure.code) : arrival && size > 0 ? arrival.own() : this.#errno("EOF"));
    if (this.#isReading) {
      if (!this.#isScheduled) this.#deliver();
    } else if (this.#isFed) {
      // Nobody wants it now: no more of it. A reader that comes back between two pieces costs nothing.
      this.#isFed = false;
      ignoreRefusal(() => this.#realm.sys.stream.stop(place.id));
    }
  }

  /** Hands on the oldest piece, or what of it the reader has room for. */
  #deliver(): void {
    const { listener } = this.#parts;
    const kept = this.#kept[0];
    if (!this.#isReading || kept === undefined) return;
    ArrayProto.shift(this.#kept);
    if (typeof kept === "number") {
      this.#setReading(false);
      if (this.#refusal) refusedStatus(this.#realm, this.#refusal);
      listener.emit(kept);
      return;
    }
    const size = typedArrayByteLength(kept);
    const taken = mathMin(size, listener.room);
    if (taken < size) ArrayProto.unshift(this.#kept, part(kept, taken, size));
    this.#emit(taken, taken < size ? exactCopy(kept, 0, taken) : kept);
  }

  #emit(size: number, bytes: Uint8Array, isBorrowed = false): void {
    this.bytesRead += size;
    try {
      this.#parts.listener.emit(size, bytes, isBorrowed);
    } finally {
      this.#goOn();
    }
  }
}
