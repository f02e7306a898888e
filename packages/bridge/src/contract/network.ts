import { bool, bytes, int, list, none, str } from "./codec.ts";
import { async, sync } from "./declare.ts";

/** Connections: each step is decided by permission. What no driver serves yet fails with ENOSYS once it is allowed. */
export const network = {
  /** host name */
  lookup: sync([str], none, {
    needs: (hostname) => [{ domain: "network", op: "lookup", protocol: "dns", hostname, port: 0 }],
  }),
  /** protocol, address, port */
  connect: sync([str, str, int], none, {
    needs: (protocol, hostname, port) => [{ domain: "network", op: "connect", protocol, hostname, port }],
  }),
  /** protocol, address, port */
  listen: sync([str, str, int], none, {
    needs: (protocol, hostname, port) => [{ domain: "network", op: "listen", protocol, hostname, port }],
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
  /** socket, how many connections may wait to be accepted */
  listen: sync([int, int], none),
  /** socket -> stream, own address and port, the other's address and port. One at a time. */
  accept: async([int], list, { waits: true }),
  /** Whether somebody listens at protocol, address, port. */
  isServed: sync([str, str, int], bool),
  /** protocol, address, port, socket it begins at (0: any) -> as `accept`. ECONNREFUSED. */
  dial: async([str, str, int, int], list, { waits: true }),
  /** Closes a stream so that the other end fails with ECONNRESET. */
  reset: sync([int], none),
  /** Gives a bound socket up. An `accept` under way fails with ECANCELED. */
  close: sync([int], none),
} as const;

/** UDP between sockets of one process of the sandbox, on the addresses of the machine itself. */
export const datagram = {
  /** address, port (0: any), IPv6 only, may share the port -> socket, port. EADDRINUSE, EADDRNOTAVAIL. */
  bind: sync([str, int, bool, bool], list),
  /** socket, address, port, data -> whether there is a socket that gets it. EMSGSIZE. */
  send: sync([int, str, int, bytes], bool),
  /** socket -> the next datagram, its sender's address and port. One at a time. */
  receive: async([int], list, { waits: true }),
  /** A `receive` under way fails with ECANCELED. */
  close: sync([int], none),
} as const;
