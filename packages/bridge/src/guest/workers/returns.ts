import type { CloneMessage } from "../lib/clone-message.ts";
import { append } from "../lib/define.ts";
import type { ChannelEnd, Ports } from "../lib/message-port.ts";
import { SafeMap } from "../primordials.ts";

/** An end on its way back. */
interface Returning {
  /** It had been sent there. */
  readonly old: ChannelEnd;
  /** It takes its place here, and has its own other end until all is back. */
  readonly own: ChannelEnd;
  readonly far: ChannelEnd;
  /** What was posted to it here meanwhile. */
  readonly kept: (CloneMessage | undefined)[];
}

/**
 * Ends of local channels that were sent to another thread and come back. Messages that were on their way follow them; until
 * all are here, what is posted on this side waits, so that the order stays.
 */
export class Returns {
  readonly #ports: Ports;
  readonly #returning = new SafeMap<number, Returning>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  has(number: number): boolean {
    return this.#returning.has(number);
  }

  /** @returns the end that takes the place of `old` */
  begin(number: number, old: ChannelEnd): ChannelEnd {
    const { 0: own, 1: far } = this.#ports.pair();
    const kept: (CloneMessage | undefined)[] = [];
    this.#ports.leave(far, (message) => (message ? this.#ports.post(old, message) : this.#ports.part(old)));
    old.sink = (message) => void append(kept, message);
    this.#returning.set(number, { old, own, far, kept });
    return own;
  }

  /** A message that came back; nothing for the end of the channel. @returns whether it is for one of these ends */
  pass(number: number, message: CloneMessage | undefined): boolean {
    const returning = this.#returning.get(number);
    if (returning) this.#pass(returning.far, message);
    return returning !== undefined;
  }

  /** All that was on its way is here: the channel is a local one. @returns whether it is one of these */
  settle(number: number): boolean {
    const returning = this.#returning.get(number);
    if (!returning) return false;
    this.#returning.delete(number);
    const { old, own, far, kept } = returning;
    for (let i = 0; i < kept.length; i++) this.#pass(far, kept[i]);
    this.#ports.replace(old, own);
    return true;
  }

  settleAll(tell: (number: number) => void): void {
    const numbers: number[] = [];
    this.#returning.forEach((_, number) => void append(numbers, number));
    for (let i = 0; i < numbers.length; i++) {
      tell(numbers[i] as number);
      this.settle(numbers[i] as number);
    }
  }

  #pass(far: ChannelEnd, message: CloneMessage | undefined): void {
    if (message) this.#ports.post(far, message);
    else this.#ports.part(far);
  }
}
