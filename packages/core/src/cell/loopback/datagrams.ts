import { SyscallFailure } from "../../errors/failure.ts";
import type { Handlers } from "../../syscalls/driver.ts";
import {
  asSeenBy,
  type Bound,
  candidatesFor,
  covers,
  destinationOf,
  type Endpoint,
  innerAddress,
  overlaps,
} from "./address.ts";

const FIRST_EPHEMERAL = 32_768;
const LAST_EPHEMERAL = 60_999;
const MAX_PORT = 65_535;
/** Largest datagram over IPv4 (RFC 768: 65,535 less the headers). */
const MAX_DATAGRAM = 65_507;
/** Bytes that wait for a socket's reader (Linux's rmem_default); what comes on top is lost, as UDP may. */
const MAX_WAITING = 212_992;
/** What a datagram counts beside its bytes. */
const OVERHEAD = 256;

interface Datagram {
  readonly data: Uint8Array;
  readonly from: Endpoint;
}

interface Receiver {
  readonly resolve: (datagram: Datagram) => void;
  readonly reject: (failure: SyscallFailure) => void;
}

interface Socket extends Bound {
  readonly port: number;
  readonly isShared: boolean;
  readonly queue: Datagram[];
  waiting: number;
  receiver: Receiver | undefined;
}

/** UDP between sockets of one process of the sandbox. */
export class Datagrams {
  readonly #mostSockets: number;
  readonly #sockets = new Map<number, Socket>();
  #last = 0;
  #nextPort = FIRST_EPHEMERAL + Math.floor(Math.random() * (LAST_EPHEMERAL - FIRST_EPHEMERAL));

  constructor(mostSockets: number) {
    this.#mostSockets = mostSockets;
  }

  /** -> its number and port */
  bind(address: string, port: number, ipv6Only: boolean, isShared: boolean): readonly [socket: number, port: number] {
    if (this.#sockets.size >= this.#mostSockets) throw new SyscallFailure("EMFILE");
    if (port < 0 || port > MAX_PORT) throw new SyscallFailure("EINVAL");
    const inner = innerAddress(address);
    if (inner === undefined) throw new SyscallFailure("EADDRNOTAVAIL");
    const taken = port === 0 ? this.#freePort() : port;
    const bound: Bound = { address: inner, ipv6Only };
    for (const other of this.#sockets.values()) {
      if (other.port === taken && overlaps(bound, other) && !(isShared && other.isShared)) {
        throw new SyscallFailure("EADDRINUSE");
      }
    }
    this.#last += 1;
    this.#sockets.set(this.#last, { ...bound, port: taken, isShared, queue: [], waiting: 0, receiver: undefined });
    return [this.#last, taken];
  }

  #freePort(): number {
    const used = new Set([...this.#sockets.values()].map(({ port }) => port));
    do {
      this.#nextPort = this.#nextPort === LAST_EPHEMERAL ? FIRST_EPHEMERAL : this.#nextPort + 1;
    } while (used.has(this.#nextPort));
    return this.#nextPort;
  }

  #socket(id: number): Socket {
    const socket = this.#sockets.get(id);
    if (!socket) throw new SyscallFailure("EBADF");
    return socket;
  }

  /** The socket that gets what is sent there; of several that share the port, the last one bound. */
  #socketAt(address: string, port: number): Socket | undefined {
    const inner = innerAddress(address);
    if (inner === undefined) return undefined;
    const there = destinationOf(inner);
    const found = [...this.#sockets.values()]
      .filter((socket) => socket.port === port && covers(socket, there))
      .reverse();
    for (const name of candidatesFor(there)) {
      const closest = found.find((socket) => socket.address === name);
      if (closest) return closest;
    }
    return undefined;
  }

  /** -> whether there is a socket that gets it */
  send(id: number, address: string, port: number, data: Uint8Array): boolean {
    const source = this.#socket(id);
    if (data.byteLength > MAX_DATAGRAM) throw new SyscallFailure("EMSGSIZE");
    const target = this.#socketAt(address, port);
    if (!target) return false;
    const there = destinationOf(innerAddress(address) as string);
    const own = destinationOf(source.address);
    const sender = source.address === own && own.includes(":") === there.includes(":") ? own : there;
    const datagram = { data: data.slice(), from: { address: asSeenBy(target.address, sender), port: source.port } };
    const { receiver } = target;
    if (receiver) {
      target.receiver = undefined;
      receiver.resolve(datagram);
    } else if (target.waiting + data.byteLength + OVERHEAD <= MAX_WAITING) {
      target.waiting += data.byteLength + OVERHEAD;
      target.queue.push(datagram);
    }
    return true;
  }

  async receive(id: number): Promise<Datagram> {
    const socket = this.#socket(id);
    if (socket.receiver) throw new SyscallFailure("EBUSY");
    const first = socket.queue.shift();
    if (first) {
      socket.waiting -= first.data.byteLength + OVERHEAD;
      return first;
    }
    return new Promise((resolve, reject) => {
      socket.receiver = { resolve, reject };
    });
  }

  close(id: number): void {
    const socket = this.#socket(id);
    this.#sockets.delete(id);
    socket.receiver?.reject(new SyscallFailure("ECANCELED"));
  }
}

/** The handlers of `datagram`. */
export const datagramHandlers = (datagrams: Datagrams): Handlers<"datagram"> => ({
  bind: (_grants, address, port, ipv6Only, isShared) => datagrams.bind(address, port, ipv6Only, isShared),
  send: (_grants, socket, address, port, data) => datagrams.send(socket, address, port, data),
  receive: async (_grants, socket) => {
    const { data, from } = await datagrams.receive(socket);
    return [data, from.address, from.port];
  },
  close: (_grants, socket) => {
    datagrams.close(socket);
    return undefined;
  },
});
