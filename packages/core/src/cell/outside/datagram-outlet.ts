import { SyscallFailure } from "../../errors/failure.ts";
import { BoundedMap } from "../../permissions/bounded-map.ts";
import type { Granted } from "../../permissions/granted.ts";
import { formatIp, type Ip, parseIp } from "../../permissions/network/ip.ts";
import { grantedAddress } from "../../permissions/network/need.ts";
import { rangeOf } from "../../permissions/network/ranges.ts";
import type { OutsideDatagrams, OutsideSocket, Received } from "../../syscalls/outside-datagrams.ts";
import type { Sockets } from "./sockets.ts";

/** Addresses one socket hears answers from; the one that was sent to longest ago is forgotten first. */
const MAX_PEERS = 1024;

export interface OutletPowers {
  readonly outside: OutsideDatagrams;
  /** Counts what is open outside. */
  readonly sockets: Sockets;
  /** One grant for each address of the host at which datagrams for a socket bound here inside may arrive. */
  readonly grantListening: (address: string, port: number) => readonly Granted[];
}

const keyOf = (address: string, port: number): string => {
  const ip = parseIp(address);
  return ip ? `${formatIp(ip)} ${port}` : "";
};

const isLoopback = (ip: Ip): boolean => rangeOf(ip)?.[0] === "loopback";

/** Whether a socket bound to one address can send to another: from loopback there is no way out, nor one in. */
function leadsTo(bound: string, address: string): boolean {
  const own = parseIp(bound);
  const there = parseIp(address);
  if (own === undefined || there?.family !== own.family) return false;
  return own.value === 0n || isLoopback(own) === isLoopback(there);
}

interface Open {
  readonly socket: OutsideSocket;
  readonly close: () => void;
}

/**
 * What one UDP socket of the guest's has on the host: one for each address it was lent, and else one for each family it
 * sends to, which hears nobody but the addresses and ports that it was allowed to send to.
 */
export class DatagramOutlet {
  readonly #powers: OutletPowers;
  readonly #got: (received: Received) => void;
  readonly #lent: Open[] = [];
  readonly #own = new Map<4 | 6, Open>();
  readonly #peers = new BoundedMap<string, true>(MAX_PEERS);

  constructor(powers: OutletPowers, got: (received: Received) => void) {
    this.#powers = powers;
    this.#got = (received) => {
      if (this.#counts(received.data.byteLength)) got(received);
    };
  }

  /** Counts what came; once the run's bytes are used up it is lost, as datagrams are. */
  #counts(bytes: number): boolean {
    try {
      this.#powers.sockets.traffic.take(bytes);
      return true;
    } catch {
      return false;
    }
  }

  /** Binds it to the address and port that were lent. @throws SyscallFailure EADDRINUSE, EADDRNOTAVAIL, EMFILE */
  listen(granted: Granted, ipv6Only: boolean, shared: boolean): void {
    const { outside } = this.#powers;
    this.#lent.push(this.#count(() => outside.listen(granted, { ipv6Only, shared }, this.#got)));
  }

  #count(open: () => OutsideSocket): Open {
    const { sockets } = this.#powers;
    const socket = sockets.openNow(open);
    return { socket, close: sockets.closing(() => socket.close()) };
  }

  #hear(received: Received): void {
    const { address, port } = received.from;
    if (this.#peers.get(keyOf(address, port))) this.#got(received);
  }

  /** Sends to the very address that was granted. */
  async send(granted: Granted, data: Uint8Array): Promise<void> {
    const { family, address, port } = grantedAddress(granted);
    if (port === 0) throw new SyscallFailure("EINVAL");
    let way = this.#lent.find(({ socket }) => leadsTo(socket.local.address, address)) ?? this.#own.get(family);
    if (!way) {
      way = this.#count(() => this.#powers.outside.open(family, (received) => this.#hear(received)));
      this.#own.set(family, way);
    }
    this.#powers.sockets.traffic.take(data.byteLength);
    this.#peers.set(keyOf(address, port), true);
    await way.socket.send(granted, data);
  }

  close(): void {
    for (const { close } of [...this.#lent, ...this.#own.values()]) close();
    this.#lent.length = 0;
    this.#own.clear();
  }
}
