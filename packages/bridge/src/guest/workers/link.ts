import { encodeWire } from "../../contract/wire.ts";
import type { CloneMessage } from "../lib/clone-message.ts";
import { append } from "../lib/define.ts";
import type { ChannelEnd } from "../lib/message-port.ts";
import { mathMax, SafeMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { decodeBroadcast, encodeBroadcast } from "./broadcast.ts";
import { encodeFrame, type Frame, FrameReader, Kind } from "./frames.ts";
import { type Crossing, decodeMessage, encodeMessage } from "./messages.ts";
import { LinkPipe } from "./pipe.ts";
import { Returns } from "./returns.ts";
import type { Threads } from "./threads.ts";

/** The port every thread has from its start. */
const FIRST_PORT = 0;
/** Ports that may be open over one connection. */
const MAX_PORTS = 65_536;
const NOTHING = encodeWire(undefined, 64);

interface Given {
  readonly number: number;
  readonly end: ChannelEnd;
  /** It goes back to where the other end of its channel is. */
  readonly isReturn: boolean;
}

/** What is done about the frames that are not about ports. */
export interface LinkEvents {
  /** The process's directory is another one. */
  cwd(path: Uint8Array): void;
  query(id: number, payload: Uint8Array): void;
  answer(id: number, payload: Uint8Array): void;
  /** The other thread is gone, or sent what is no frame. */
  end(isBroken: boolean): void;
}

/**
 * The connection of two threads. All ports between them share it: each by a number, under which either side has an end of
 * a local channel, whose other end is a port or goes on over another connection.
 */
export class Link {
  readonly #threads: Threads;
  readonly #events: LinkEvents;
  readonly #pipe: LinkPipe;
  readonly #ends = new SafeMap<number, ChannelEnd>();
  readonly #numbers = new SafeMap<ChannelEnd, number>();
  readonly #returning: Returns;
  readonly #crossing: Crossing;
  /** Of the numbers this side gives: the starter's are even, the thread's odd. */
  #last: number;
  #lastAccepted = FIRST_PORT;
  #isBroken = false;
  /** Ends that go with the message being written. */
  #given: Given[] = [];

  /** @param isStarter this side started the other one */
  constructor(realm: Realm, threads: Threads, isStarter: boolean, events: LinkEvents) {
    this.#threads = threads;
    this.#events = events;
    this.#returning = new Returns(threads.ports);
    this.#last = isStarter ? 0 : -1;
    const reader = new FrameReader((frame) => this.#take(frame));
    this.#pipe = new LinkPipe(realm, {
      data: (bytes) => {
        if (!this.#isBroken && !reader.push(bytes)) this.#break();
      },
      end: () => this.#end(),
    });
    this.#crossing = {
      context: threads.context,
      send: (end) => this.#give(end as ChannelEnd),
      sendBack: (end) => this.#giveBack(end as ChannelEnd),
      receive: (number) => this.#accept(number),
      receiveBack: (number) => this.#acceptBack(number),
      counter: () => threads.counter,
    };
  }

  attach(stream: number): void {
    this.#pipe.attach(stream);
  }

  /** This side's end of the first port's channel. */
  first(): ChannelEnd {
    const { 0: own, 1: far } = this.#threads.ports.pair();
    this.#connect(FIRST_PORT, far);
    return own;
  }

  cwd(path: Uint8Array): void {
    this.send(FIRST_PORT, Kind.cwd, path);
  }

  broadcast(name: string, message: CloneMessage): void {
    this.send(FIRST_PORT, Kind.broadcast, encodeBroadcast(name, encodeMessage(message, this.#crossing, undefined)));
  }

  send(port: number, kind: number, payload: Uint8Array): void {
    this.#pipe.write(encodeFrame(port, kind, payload));
  }

  close(): void {
    this.#pipe.close();
  }

  /** The number under which the other end of a channel is in the other thread. */
  #giveBack(end: ChannelEnd): number | undefined {
    const { ends } = end.group;
    for (let i = 0; i < ends.length; i++) {
      const number = this.#numbers.get(ends[i] as ChannelEnd);
      if (ends[i] === end || number === undefined) continue;
      append(this.#given, { number, end, isReturn: true });
      return number;
    }
    return undefined;
  }

  /** What has come, and what is on its way, goes back under the same number. */
  #bounce(number: number, end: ChannelEnd): void {
    this.#threads.ports.leave(end, (message) => {
      if (message) this.#post(number, message);
      else this.send(number, Kind.close, NOTHING);
    });
  }

  /** An end that was sent there. Until all that was on its way is back, what is posted to it here is kept. */
  #acceptBack(number: number): ChannelEnd | undefined {
    if (!this.#wasUsed(number) || this.#returning.has(number)) return undefined;
    // Closed here while it was on its way: what it had there already follows, and its end.
    const old = this.#ends.get(number) ?? this.#threads.ports.join({ ends: [], broadcast: false });
    this.#ends.set(number, old);
    this.send(number, Kind.over, NOTHING);
    return this.#returning.begin(number, old);
  }

  #over(number: number): void {
    const isMine = this.#returning.settle(number);
    this.#forget(number);
    if (!isMine && this.#wasUsed(number)) this.send(number, Kind.over, NOTHING);
  }

  /** Whether a port had this number, be it closed by now. */
  #wasUsed(number: number): boolean {
    const isOurs = (number - this.#last) % 2 === 0;
    return number > FIRST_PORT && number <= (isOurs ? this.#last : this.#lastAccepted);
  }

  #forget(number: number): void {
    const end = this.#ends.get(number);
    if (end) this.#numbers.delete(end);
    this.#ends.delete(number);
  }

  /** What comes for the end goes to the other thread from now on. */
  #connect(number: number, end: ChannelEnd): void {
    this.#ends.set(number, end);
    this.#numbers.set(end, number);
    this.#threads.ports.leave(end, (message) => {
      if (this.#ends.get(number) !== end) return;
      if (message) this.#post(number, message);
      else {
        this.#forget(number);
        this.send(number, Kind.close, NOTHING);
      }
    });
  }

  /** What waits for a port that travels with the message follows the message. */
  #post(number: number, message: CloneMessage): void {
    const given: Given[] = [];
    const outer = this.#given;
    this.#given = given;
    const payload = this.#encode(message);
    this.#given = outer;
    this.send(number, Kind.message, payload);
    for (let i = 0; i < given.length; i++) {
      const { number: own, end, isReturn } = given[i] as Given;
      if (isReturn) this.#bounce(own, end);
      else this.#connect(own, end);
    }
  }

  #encode(message: CloneMessage): Uint8Array {
    try {
      return encodeMessage(message, this.#crossing, this.#threads.counter);
    } catch {
      // Longer than a frame may be.
      return NOTHING;
    }
  }

  #give(end: ChannelEnd): number {
    this.#last += 2;
    append(this.#given, { number: this.#last, end, isReturn: false });
    return this.#last;
  }

  #accept(number: number): ChannelEnd | undefined {
    const isTheirs = number > 0 && (number - this.#last) % 2 !== 0;
    if (!isTheirs || this.#ends.has(number) || this.#ends.size >= MAX_PORTS) return undefined;
    this.#lastAccepted = mathMax(this.#lastAccepted, number);
    const { 0: own, 1: far } = this.#threads.ports.pair();
    this.#connect(number, far);
    return own;
  }

  #take({ port, kind, payload }: Frame): void {
    if (this.#isBroken) return;
    switch (kind) {
      case Kind.message:
        this.#message(port, payload);
        break;
      case Kind.close:
        this.#closed(port);
        break;
      case Kind.over:
        this.#over(port);
        break;
      case Kind.broadcast:
        this.#heard(payload);
        break;
      case Kind.cwd:
        this.#events.cwd(payload);
        break;
      case Kind.query:
        this.#events.query(port, payload);
        break;
      case Kind.answer:
        this.#events.answer(port, payload);
        break;
      default:
        this.#break();
    }
  }

  #message(port: number, payload: Uint8Array): void {
    const message = decodeMessage(payload, this.#crossing);
    const end = this.#ends.get(port);
    if (!message) this.#break();
    else if (this.#returning.pass(port, message)) return;
    // A port that was closed here while the message was on its way.
    else if (end) this.#threads.ports.post(end, message);
  }

  #closed(port: number): void {
    const end = this.#ends.get(port);
    if (this.#returning.pass(port, undefined)) return;
    this.#forget(port);
    if (end) this.#threads.ports.part(end);
  }

  #heard(payload: Uint8Array): void {
    const broadcast = decodeBroadcast(payload);
    const message = broadcast && decodeMessage(broadcast.message, this.#crossing);
    if (message) this.#threads.heard(broadcast.name, message, this);
    else this.#break();
  }

  #break(): void {
    this.#isBroken = true;
    this.close();
  }

  #end(): void {
    const ends: ChannelEnd[] = [];
    this.#returning.settleAll((number) => this.#ends.delete(number));
    this.#ends.forEach((end) => void append(ends, end));
    for (let i = 0; i < ends.length; i++) this.#threads.ports.part(ends[i] as ChannelEnd);
    this.#events.end(this.#isBroken);
  }
}
