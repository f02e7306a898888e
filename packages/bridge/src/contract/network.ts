import { bool, bytes, int, list, none, str } from "./codec.ts";
import { async, type NetworkNeed, sync } from "./declare.ts";

const lookup = (hostname: string): readonly NetworkNeed[] => [
  { domain: "network", op: "lookup", protocol: "dns", hostname, port: 0 },
];

/**
 * Connections that leave the sandbox. Each step is decided by permission: a name before it is looked up, then the very
 * address that is connected to. Rules about names hold for the addresses a look-up of this run found for them.
 */
export const network = {
  /** host name, family (4, 6, 0: both) -> its addresses in the resolver's order. EAI_NONAME, EAI_AGAIN, ... */
  lookup: async([str, int], list, { needs: lookup, cost: 16 }),
  /** address, port -> host name, service. EAI_NONAME */
  reverse: async([str, int], list, { needs: lookup, cost: 16 }),
  /**
   * address, port, own address ("": any), own port (0: any)
   * -> stream, own address and port, the other's address and port. ECONNREFUSED, ETIMEDOUT, EMFILE past `limits.sockets`.
   */
  connect: async([str, int, str, int], list, {
    needs: (hostname, port) => [{ domain: "network", op: "connect", protocol: "tcp", hostname, port }],
    cost: 16,
  }),
} as const;

/**
 * Connections between servers and clients of one process of the sandbox: over TCP on the addresses of the machine
 * itself, or over Unix domain sockets by guest path (port 0). They touch nothing of the host and need no permission.
 * The protocol is `tcp` or `pipe`.
 */
export const loopback = {
  /** protocol, address, port (0: any), IPv6 only -> socket, port. EADDRINUSE, EADDRNOTAVAIL. */
  bind: sync([str, str, int, bool], list),
  /**
   * socket, how many connections may wait to be accepted. Where a rule of `permissions.network.listen` lends it an
   * address of the host, the server is reached there too. EADDRINUSE where that is taken.
   */
  listen: sync([int, int], none),
  /** socket -> stream, own address and port, the other's address and port. One at a time. */
  accept: async([int], list, { waits: true }),
  /** Whether a connection to protocol, address, port is decided inside: it is served, or `dial` refuses it. */
  isInside: sync([str, str, int], bool),
  /** protocol, address, port, socket it begins at (0: any) -> as `accept`. ECONNREFUSED. */
  dial: async([str, str, int, int], list, { waits: true }),
  /** Gives a bound socket up. An `accept` under way fails with ECANCELED. */
  close: sync([int], none),
} as const;

/**
 * UDP: between sockets of one process of the sandbox on the addresses of the machine itself, free; and to what a rule
 * allows outside, where answers come back from no other address and port than datagrams were sent to.
 */
export const datagram = {
  /**
   * address, port (0: any), IPv6 only, may share the port -> socket, port. A port that was asked for is reached at the
   * addresses of the host that `permissions.network.listen` lends it. EADDRINUSE, EADDRNOTAVAIL.
   */
  bind: sync([str, int, bool, bool], list),
  /** socket, address, port, data -> whether there is a socket inside that gets it. EMSGSIZE. */
  send: sync([int, str, int, bytes], bool),
  /** The same to the very address that is granted, outside. */
  sendOutside: async([int, str, int, bytes], none, {
    needs: (_socket, hostname, port) => [{ domain: "network", op: "connect", protocol: "udp", hostname, port }],
    waits: true,
    cost: 2,
  }),
  /** socket, group, whether it joins or leaves: what is sent to the group's address inside. EADDRNOTAVAIL, EADDRINUSE. */
  setMembership: sync([int, str, bool], none),
  /** socket -> the next datagram, its sender's address and port. One at a time. */
  receive: async([int], list, { waits: true }),
  /** A `receive` under way fails with ECANCELED. */
  close: sync([int], none),
} as const;
