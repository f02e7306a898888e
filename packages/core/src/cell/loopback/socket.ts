import { SyscallFailure } from "../../errors/failure.ts";
import type { Bound, Endpoint, Protocol } from "./address.ts";

/** One end of a connection: its stream, and the addresses as that side sees them. */
export interface Connection {
  readonly stream: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

/** A connection nobody has accepted yet. */
export interface Incoming {
  /** Hands the server's end out. */
  readonly take: () => Connection;
  /** Tells the other side that it is connected; called when there is room in the queue. */
  readonly connected: () => void;
  /** The server is gone before: resets the connection. */
  readonly refused: () => void;
}

interface Acceptor {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (failure: SyscallFailure) => void;
}

/** A socket with an address of its own: it listens, or a connection begins at it. */
export class BoundSocket implements Bound {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
  readonly ipv6Only: boolean;
  #backlog = -1;
  #queue: Incoming[] = [];
  #acceptor: Acceptor | undefined;

  constructor(protocol: Protocol, address: string, port: number, ipv6Only: boolean) {
    this.protocol = protocol;
    this.address = address;
    this.port = port;
    this.ipv6Only = ipv6Only;
  }

  get isListening(): boolean {
    return this.#backlog >= 0;
  }

  listen(backlog: number): void {
    this.#backlog = Math.max(0, backlog);
  }

  /** @throws SyscallFailure EINVAL where it does not listen, EBUSY where somebody accepts already */
  accept(): Promise<Connection> {
    if (!this.isListening) throw new SyscallFailure("EINVAL");
    if (this.#acceptor) throw new SyscallFailure("EBUSY");
    return new Promise((resolve, reject) => {
      this.#acceptor = { resolve, reject };
      this.#serve();
    });
  }

  /** A connection arrives: it is established while the queue has room, else as soon as it has. */
  push(incoming: Incoming): void {
    this.#queue.push(incoming);
    this.#serve();
    if (this.#queue.length <= this.#backlog + 1) incoming.connected();
  }

  #serve(): void {
    const acceptor = this.#acceptor;
    const first = acceptor && this.#queue.shift();
    if (!first) return;
    this.#acceptor = undefined;
    acceptor.resolve(first.take());
    // One moved up into the part of the queue that is established.
    this.#queue[this.#backlog]?.connected();
  }

  /** Resets what waits to be accepted. */
  close(): void {
    this.#backlog = -1;
    this.#acceptor?.reject(new SyscallFailure("ECANCELED"));
    this.#acceptor = undefined;
    const waiting = this.#queue;
    this.#queue = [];
    for (const { refused } of waiting) refused();
  }
}
