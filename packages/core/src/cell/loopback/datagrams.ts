import { SyscallFailure } from "../../errors/failure.ts";
import type { Granted } from "../../permissions/granted.ts";
import { DatagramOutlet, type OutletPowers } from "../outside/datagram-outlet.ts";
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
import { isMulticast } from "./multicast.ts";

const FIRST_EPHEMERAL = 32_768;
const LAST_EPHEMERAL = 60_999;
const MAX_PORT = 65_535;
/** Largest datagram over IPv4 (RFC 768: 65,535 less the headers). */
const MAX_DATAGRAM = 65_507;
/** Bytes that wait for a socket's reader (Linux's rmem_default); what comes on top is lost, as UDP may. */
const MAX_WAITING = 212_992;
/** What a datagram counts beside its bytes. */
const OVERHEAD = 256;
/** Groups one socket may be a member of (Linux's igmp_max_memberships). */
const MAX_GROUPS = 20;

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
  /** Multicast groups it is a member of. */
  readonly groups: Set<string>;
  /** What it has on the host. */
  readonly outlet: DatagramOutlet;
}

/** UDP between sockets of one process of the sandbox, and what leaves it. */
export class Datagrams {
  readonly #mostSockets: number;
  readonly #outside: OutletPowers;
  readonly #sockets = new Map<number, Socket>();
  #last = 0;
  #nextPort = FIRST_EPHEMERAL + Math.floor(Math.random() * (LAST_EPHEMERAL - FIRST_EPHEMERAL));

  constructor(mostSockets: number, outside: OutletPowers) {
    this.#mostSockets = mostSockets;
    this.#outside = outside;
  }

  #checkRoom(): void {
    if (this.#sockets.size >= this.#mostSockets) throw new SyscallFailure("EMFILE");
  }

  /** -> its number and port */
  bind(address: string, port: number, ipv6Only: boolean, isShared: boolean): readonly [socket: number, port: number] {
    this.#checkRoom();
    if (port < 0 || port > MAX_PORT) throw new SyscallFailure("EINVAL");
    // To the address of a group a socket is bound as to any: what is sent to it is only what it is a member of.
    const inner = isMulticast(address) ? address : innerAddress(address);
    if (inner === undefined) throw new SyscallFailure("EADDRNOTAVAIL");
    const taken = port === 0 ? this.#freePort() : port;
    const bound: Bound = { address: inner, ipv6Only };
    for (const other of this.#sockets.values()) {
      if (other.port === taken && overlaps(bound, other) && !(isShared && other.isShared)) {
        throw new SyscallFailure("EADDRINUSE");
      }
    }
    const id = this.#add(bound, taken, isShared);
    if (port !== 0) this.#lend(id, bound, port);
    return [id, taken];
  }

  /** Binds it to the host's addresses that rules lend it. @throws SyscallFailure where one of them is taken */
  #lend(id: number, { address, ipv6Only }: Bound, port: number): void {
    const { isShared, outlet } = this.#socket(id);
    try {
      for (const granted of this.#outside.grantListening(address, port)) outlet.listen(granted, ipv6Only, isShared);
    } catch (error) {
      this.close(id);
      throw error;
    }
  }

  /** Sends to the very address that is granted, outside. */
  async sendOutside(id: number, granted: Granted, data: Uint8Array): Promise<void> {
    const { outlet } = this.#socket(id);
    if (data.byteLength > MAX_DATAGRAM) throw new SyscallFailure("EMSGSIZE");
    await outlet.send(granted, data);
  }

  #add(bound: Bound, port: number, isShared: boolean): number {
    this.#last += 1;
    const outlet = new DatagramOutlet(this.#outside, ({ data, from }) => {
      const address = asSeenBy(bound.address, from.address);
      this.#deliver(socket, data, { address, port: from.port });
    });
    const queue: Datagram[] = [];
    const groups = new Set<string>();
    const socket: Socket = { ...bound, port, isShared, queue, waiting: 0, receiver: undefined, groups, outlet };
    this.#sockets.set(this.#last, socket);
    return this.#last;
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

  /** Joins or leaves a group. EADDRINUSE where it is a member, EADDRNOTAVAIL where it is not. */
  setMembership(id: number, group: string, isMember: boolean): void {
    const { groups } = this.#socket(id);
    if (!isMulticast(group)) throw new SyscallFailure("EINVAL");
    if (isMember && groups.has(group)) throw new SyscallFailure("EADDRINUSE");
    if (isMember && groups.size >= MAX_GROUPS) throw new SyscallFailure("ENOBUFS");
    if (isMember) groups.add(group);
    else if (!groups.delete(group)) throw new SyscallFailure("EADDRNOTAVAIL");
  }

  /** -> whether there is a socket that gets it */
  send(id: number, address: string, port: number, data: Uint8Array): boolean {
    const source = this.#socket(id);
    if (data.byteLength > MAX_DATAGRAM) throw new SyscallFailure("EMSGSIZE");
    if (isMulticast(address)) return this.#sendToGroup(source, address, port, data);
    const target = this.#socketAt(address, port);
    if (!target) return false;
    const there = destinationOf(innerAddress(address) as string);
    const own = destinationOf(source.address);
    const sender = source.address === own && own.includes(":") === there.includes(":") ? own : there;
    this.#deliver(target, data, { address: asSeenBy(target.address, sender), port: source.port });
    return true;
  }

  #sendToGroup(source: Socket, group: string, port: number, data: Uint8Array): boolean {
    const members = [...this.#sockets.values()].filter((socket) => socket.port === port && socket.groups.has(group));
    const address = group.includes(":") ? "::1" : "127.0.0.1";
    for (const member of members) this.#deliver(member, data, { address, port: source.port });
    return members.length > 0;
  }

  #deliver(target: Socket, bytes: Uint8Array, from: Endpoint): void {
    const datagram = { data: bytes.slice(), from };
    const { receiver } = target;
    if (receiver) {
      target.receiver = undefined;
      receiver.resolve(datagram);
    } else if (target.waiting + bytes.byteLength + OVERHEAD <= MAX_WAITING) {
      target.waiting += bytes.byteLength + OVERHEAD;
      target.queue.push(datagram);
    }
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
    socket.outlet.close();
    socket.receiver?.reject(new SyscallFailure("ECANCELED"));
  }

  /** The run is over. */
  closeAll(): void {
    for (const id of [...this.#sockets.keys()]) this.close(id);
  }
}
