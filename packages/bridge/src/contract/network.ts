import { int, none, str } from "./codec.ts";
import { sync } from "./declare.ts";

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
