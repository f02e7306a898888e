import { mathMax, mathMin, mathTrunc } from "../primordials.ts";
import { MAX_WINDOW } from "./settings.ts";

const MIN_INT32 = -0x80000000;

/** What this side lets the other send: of a connection or of a stream (RFC 9113 section 5.2). */
export class ReceiveWindow {
  /** What the other side may have on its way, bytes. */
  size: number;
  /** What came and was not given back. */
  received = 0;
  /** What of it the program has taken. */
  #consumed = 0;
  /** By how much the window was made smaller without the other side knowing. */
  #reduction = 0;
  /** A WINDOW_UPDATE waits to be sent. */
  isUpdateQueued = false;

  constructor(size: number) {
    this.size = size;
  }

  get room(): number {
    return this.size - this.received;
  }

  /** @returns whether so many bytes may come */
  receive(count: number): boolean {
    if (this.received > this.size - count || this.received > MAX_WINDOW - count) return false;
    this.received += count;
    return true;
  }

  /**
   * The program has taken bytes.
   * @returns how many to give back now, 0 where it is not worth a frame yet; below 0 where there are too many
   */
  consume(count: number): number {
    if (this.#consumed > MAX_WINDOW - count) return -1;
    this.#consumed += count;
    if (this.isUpdateQueued) return 0;
    const due = mathMin(this.#consumed, this.received);
    if (due <= 0 || due < mathTrunc(this.size / 2)) return 0;
    this.received -= due;
    this.#consumed -= due;
    return due;
  }

  /** SETTINGS_INITIAL_WINDOW_SIZE changed by so much. @returns whether the window can have that size */
  shift(by: number): boolean {
    const next = this.size + by;
    if (next < MIN_INT32 || next > MAX_WINDOW) return false;
    this.size = next;
    return true;
  }

  /** Makes the window larger or smaller. @returns what to give the other side, below 0 where that cannot be */
  resize(size: number): number {
    const by = size - this.size;
    if (by < 0) {
      // The other side is not told: what comes next is not given back.
      this.size = size;
      this.received += by;
      this.#reduction -= by;
      return 0;
    }
    if (this.size > MAX_WINDOW - by) return -1;
    this.size += by;
    const owed = mathMin(this.#reduction, by);
    this.#reduction -= owed;
    this.received += owed;
    return mathMax(0, by - owed);
  }
}
