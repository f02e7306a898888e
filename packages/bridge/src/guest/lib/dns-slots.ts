import { MAX_QUESTIONS } from "../../contract/dns.ts";
import { ArrayProto } from "../primordials.ts";
import { append } from "./define.ts";

/** Questions that may be open at the host at once; the others wait here for their turn. */
export class DnsSlots {
  #free = MAX_QUESTIONS;
  readonly #waiting: (() => void)[] = [];
  #number = 0;

  /** A number no question has had. */
  nextNumber(): number {
    this.#number += 1;
    return this.#number;
  }

  /** Calls back when there is room, at once if there is. Who was called gives the room back with `leave`. */
  enter(run: () => void): void {
    if (this.#free === 0) {
      append(this.#waiting, run);
      return;
    }
    this.#free -= 1;
    run();
  }

  leave(): void {
    const next = ArrayProto.shift(this.#waiting) as (() => void) | undefined;
    if (next) next();
    else this.#free += 1;
  }
}
