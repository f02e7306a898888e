import type { EventLoop } from "../loop.ts";
import { ArrayProto, mathMax } from "../primordials.ts";
import { append } from "./define.ts";

/** What can have messages to hand out. */
export interface Receiver {
  /** Ports are served in the order in which they were made. */
  readonly order: number;
  /** It waits for its turn. */
  isPending: boolean;
  /** How many messages it has. */
  readonly waiting: number;
  /** Hands out the next message. @returns whether there was one to be handed out */
  deliver(): boolean;
}

/** Messages a port hands out at one time, however many arrive meanwhile (`MessagePort::OnMessage`). */
const LEAST_LIMIT = 1000;
const NOWHERE = -1;

/**
 * Hands out messages as libuv's async handles do (deps/uv/src/unix/async.c): once in a poll phase all ports are looked at
 * in order, and each hands out what it has, one message a callback.
 */
export class Deliveries {
  readonly #loop: EventLoop;
  #pending: Receiver[] = [];
  #isScheduled = false;
  #position = NOWHERE;
  #current: Receiver | undefined;
  #left = 0;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  wake(receiver: Receiver): void {
    if (receiver.isPending) return;
    receiver.isPending = true;
    append(this.#pending, receiver);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#loop.offer(this.#step);
  }

  /** One message; the round goes on in the next callback. */
  readonly #step = (): void => {
    this.#current ??= this.#next();
    const receiver = this.#current;
    if (!receiver) {
      this.#position = NOWHERE;
      this.#isScheduled = false;
      if (this.#pending.length > 0) this.#schedule();
      return;
    }
    let hadOne = false;
    try {
      this.#left--;
      hadOne = receiver.deliver();
    } finally {
      // What a listener throws is thrown here.
      if (receiver.waiting === 0 || this.#left <= 0) this.#leave(receiver);
      this.#loop.goOn(this.#step);
    }
    if (!hadOne) this.#current = undefined;
  };

  #leave(receiver: Receiver): void {
    this.#current = undefined;
    if (receiver.waiting > 0) this.wake(receiver);
  }

  #next(): Receiver | undefined {
    let found = -1;
    for (let i = 0; i < this.#pending.length; i++) {
      const { order } = this.#pending[i] as Receiver;
      if (order > this.#position && (found < 0 || order < (this.#pending[found] as Receiver).order)) found = i;
    }
    if (found < 0) return undefined;
    const receiver = this.#pending[found] as Receiver;
    ArrayProto.splice(this.#pending, found, 1);
    receiver.isPending = false;
    this.#position = receiver.order;
    this.#left = mathMax(receiver.waiting, LEAST_LIMIT);
    return receiver;
  }
}
