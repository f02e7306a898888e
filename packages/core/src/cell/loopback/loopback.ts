import { isIPv6 } from "node:net";
import { SyscallFailure } from "../../errors/failure.ts";
import type { Streams } from "../streams.ts";
import {
  asSeenBy,
  type Bound,
  destinationOf,
  type Endpoint,
  innerAddress,
  LOOPBACK_V4,
  MAX_PIPE_PATH,
  MAX_PORT,
  overlaps,
  type Protocol,
} from "./address.ts";
import { closestTo } from "./closest.ts";
import { makeDuplex } from "./duplex.ts";
import { type Elsewhere, nobodyElse } from "./neighbours.ts";
import { BoundSocket, type Connection, type Incoming } from "./socket.ts";

/** Ports the system gives out by itself (Linux's ip_local_port_range). */
const FIRST_EPHEMERAL = 32_768;
const LAST_EPHEMERAL = 60_999;

/**
 * The network inside the sandbox as one process sees it: connections between its own servers and clients, and those of
 * the other processes of its tree. Nothing of it touches the host's network.
 */
export class Loopback {
  readonly #streams: Streams;
  readonly #mostSockets: number;
  readonly #elsewhere: Elsewhere;
  readonly #sockets = new Map<number, BoundSocket>();
  #lastSocket = 0;
  #ends = 0;
  /** Who waits for a server. */
  #nextPort = FIRST_EPHEMERAL + Math.floor(Math.random() * (LAST_EPHEMERAL - FIRST_EPHEMERAL));

  constructor(streams: Streams, mostSockets: number, elsewhere: Elsewhere = nobodyElse) {
    this.#streams = streams;
    this.#mostSockets = mostSockets;
    this.#elsewhere = elsewhere;
  }

  #checkRoom(more: number): void {
    if (this.#sockets.size + this.#ends + more > this.#mostSockets) throw new SyscallFailure("EMFILE");
  }

  /** -> its number and port. EADDRINUSE; EADDRNOTAVAIL where the address is not of this machine. */
  bind(protocol: Protocol, address: string, port: number, ipv6Only: boolean): readonly [socket: number, port: number] {
    this.#checkRoom(1);
    const bound = this.#checked(protocol, address, port);
    const anyPort = port === 0 && protocol === "tcp";
    let socket = new BoundSocket(protocol, bound, anyPort ? this.#freePort() : port, ipv6Only);
    while (this.#isTaken(socket)) {
      if (!anyPort) throw new SyscallFailure("EADDRINUSE");
      socket = new BoundSocket(protocol, bound, this.#freePort(), ipv6Only);
    }
    this.#lastSocket += 1;
    this.#sockets.set(this.#lastSocket, socket);
    return [this.#lastSocket, socket.port];
  }

  #isTaken(socket: BoundSocket): boolean {
    for (const other of this.#sockets.values()) {
      if (other.protocol === socket.protocol && other.port === socket.port && sameName(socket, other)) return true;
    }
    return this.#elsewhere.isTaken(socket);
  }

  #checked(protocol: Protocol, address: string, port: number): string {
    if (protocol === "pipe") {
      if (address === "" || Buffer.byteLength(address) > MAX_PIPE_PATH) throw new SyscallFailure("EINVAL");
      return address;
    }
    if (port < 0 || port > MAX_PORT) throw new SyscallFailure("EINVAL");
    const inner = innerAddress(address);
    if (inner === undefined) throw new SyscallFailure("EADDRNOTAVAIL");
    return inner;
  }

  #freePort(): number {
    const used = new Set<number>();
    for (const { protocol, port } of this.#sockets.values()) if (protocol === "tcp") used.add(port);
    do {
      this.#nextPort = this.#nextPort === LAST_EPHEMERAL ? FIRST_EPHEMERAL : this.#nextPort + 1;
    } while (used.has(this.#nextPort));
    return this.#nextPort;
  }

  #socket(id: number): BoundSocket {
    const socket = this.#sockets.get(id);
    if (!socket) throw new SyscallFailure("EBADF");
    return socket;
  }

  listen(id: number, backlog: number): void {
    const socket = this.#socket(id);
    const isNew = !socket.isListening;
    socket.listen(backlog);
    if (isNew) this.#elsewhere.opened(id, socket);
  }

  /** What a socket is bound to. */
  boundTo(id: number): Bound & { readonly protocol: Protocol; readonly port: number } {
    return this.#socket(id);
  }

  /** A connection from elsewhere, for a socket that listens. */
  push(id: number, incoming: Incoming): void {
    this.#socket(id).push(incoming);
  }

  accept(id: number): Promise<Connection> {
    return this.#socket(id).accept();
  }

  close(id: number): void {
    const socket = this.#socket(id);
    this.#sockets.delete(id);
    if (socket.isListening) this.#elsewhere.closed(id);
    socket.close();
  }

  /** The socket of this process that takes connections to this address. */
  #serverAt(protocol: Protocol, address: string, port: number): BoundSocket | undefined {
    const listening = [...this.#sockets.values()].filter((socket) => socket.isListening);
    return closestTo(listening, protocol, address, port);
  }

  /** Whether somebody takes connections to this address, here or in another process. */
  isServed(protocol: Protocol, address: string, port: number): boolean {
    return this.#isServedHere(protocol, address, port) || this.#elsewhere.isServed(protocol, address, port);
  }

  /**
   * Whether a connection to this address is the sandbox's own affair: somebody takes it, or a server has the same port at
   * another address of this machine, and it is refused. That is how `localhost` is tried, one address after the other.
   */
  isInside(protocol: Protocol, address: string, port: number): boolean {
    if (this.isServed(protocol, address, port)) return true;
    if (protocol === "pipe" || innerAddress(address) === undefined) return false;
    return [...this.#sockets.values()].some((socket) => socket.isListening && socket.port === port);
  }

  #isServedHere(protocol: Protocol, address: string, port: number): boolean {
    return this.#serverAt(protocol, address, port) !== undefined;
  }

  /** @param from the socket it begins at, 0 for any; ECONNREFUSED where nobody listens */
  dial(protocol: Protocol, address: string, port: number, from: number): Promise<Connection> {
    const source = from === 0 ? undefined : this.#socket(from);
    const there = protocol === "pipe" ? address : destinationOf(innerAddress(address) ?? address);
    const here: Endpoint =
      protocol === "pipe"
        ? { address: source?.address ?? "", port: 0 }
        : {
            address: source ? sourceAddress(source.address, there) : isIPv6(there) ? there : LOOPBACK_V4,
            port: source?.port ?? this.#freePort(),
          };
    if (this.#isServedHere(protocol, address, port)) return this.dialFrom(here, protocol, address, port);
    return this.#dialElsewhere(here, protocol, address, port, there);
  }

  async #dialElsewhere(
    here: Endpoint,
    protocol: Protocol,
    address: string,
    port: number,
    there: string,
  ): Promise<Connection> {
    this.#checkRoom(1);
    this.#ends += 1;
    try {
      const stream = await this.#elsewhere.dial(protocol, address, port, here);
      const remote = { address: protocol === "pipe" ? there : asSeenBy(here.address, there), port };
      return { stream, local: here, remote };
    } finally {
      this.#ends -= 1;
    }
  }

  /** Connects an end at this address with a server of this process; ECONNREFUSED where none listens. */
  dialFrom(here: Endpoint, protocol: Protocol, address: string, port: number): Promise<Connection> {
    const server = this.#serverAt(protocol, address, port);
    if (!server) throw new SyscallFailure("ECONNREFUSED");
    this.#checkRoom(2);
    const there = protocol === "pipe" ? address : destinationOf(innerAddress(address) as string);
    const [near, far] = makeDuplex(() => {
      this.#ends -= 1;
    });
    this.#ends += 2;
    return new Promise((resolve, reject) => {
      let isSettled = false;
      server.push({
        take: () => ({
          stream: this.#streams.add(far),
          local: { address: asSeenBy(server.address, there), port },
          remote: { address: asSeenBy(server.address, here.address), port: here.port },
        }),
        connected: () => {
          if (isSettled) return;
          isSettled = true;
          const remote = { address: protocol === "pipe" ? there : asSeenBy(here.address, there), port };
          resolve({ stream: this.#streams.add(near), local: here, remote });
        },
        refused: () => {
          far.reset();
          if (isSettled) return;
          isSettled = true;
          near.close();
          reject(new SyscallFailure("ECONNREFUSED"));
        },
      });
    });
  }
}

const sameName = (left: BoundSocket, right: BoundSocket): boolean =>
  left.protocol === "pipe" ? left.address === right.address : overlaps(left, right);

/** The address a connection comes from whose socket is bound to this one. */
const sourceAddress = (bound: string, there: string): string => {
  const own = destinationOf(bound);
  return isIPv6(own) === isIPv6(there) ? own : there;
};
