import type { HeadersItem, OutboundItem, PingItem, SettingsItem } from "./outbound.ts";
import { Queue } from "./queue.ts";

/** Acknowledgements that may wait to be sent: more is a flood of PING or SETTINGS. */
const MAX_ACKS = 1000;

/** Frames that wait to be sent, in the order they leave: data waits in a `DataQueue`. */
export class Outbox {
  readonly #urgent = new Queue<OutboundItem>();
  readonly #regular = new Queue<OutboundItem>();
  /** Blocks that open a stream, and wait while the other side takes no more. */
  readonly #opening = new Queue<HeadersItem>();
  /** Acknowledgements among what waits. */
  #acks = 0;

  get size(): number {
    return this.#urgent.size + this.#regular.size + this.#opening.size;
  }

  /** Something waits that needs no new stream. */
  get hasFrames(): boolean {
    return this.#urgent.size > 0 || this.#regular.size > 0;
  }

  /** Blocks that open a stream wait. */
  get hasOpening(): boolean {
    return this.#opening.size > 0;
  }

  /** @param canOpen the other side takes another stream */
  next(canOpen: boolean): OutboundItem | undefined {
    return this.#urgent.shift() ?? this.#regular.shift() ?? (canOpen ? this.#opening.shift() : undefined);
  }

  add(item: OutboundItem): void {
    this.#regular.push(item);
  }

  /** SETTINGS and PING overtake everything. */
  addUrgent(item: SettingsItem | PingItem): void {
    this.#urgent.push(item);
  }

  addOpening(item: HeadersItem): void {
    this.#opening.push(item);
  }

  /** So many acknowledgements wait that the other side does not read them. */
  get isFlooded(): boolean {
    return this.#acks >= MAX_ACKS;
  }

  /** @returns whether there are few enough acknowledgements waiting */
  acknowledge(item: SettingsItem | PingItem): boolean {
    if (this.isFlooded) return false;
    this.#acks++;
    this.#urgent.push(item);
    return true;
  }

  /** An acknowledgement was taken out. */
  acknowledged(): void {
    this.#acks--;
  }

  /** A request that was not sent yet will not be. @returns whether there was one */
  cancelOpening(streamId: number, code: number): boolean {
    const item = this.#opening.find((waiting) => waiting.streamId === streamId);
    if (!item || item.cancelled !== undefined) return false;
    item.cancelled = code;
    return true;
  }
}
