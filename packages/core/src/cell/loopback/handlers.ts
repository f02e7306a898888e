import { SyscallFailure } from "../../errors/failure.ts";
import type { Handlers } from "../../syscalls/driver.ts";
import type { Exposures } from "../outside/exposures.ts";
import type { Protocol } from "./address.ts";
import type { Loopback } from "./loopback.ts";
import type { Connection } from "./socket.ts";

const protocolOf = (name: string): Protocol => {
  if (name === "tcp" || name === "pipe") return name;
  throw new SyscallFailure("EPROTONOSUPPORT");
};

const flat = ({ stream, local, remote }: Connection) => [
  stream,
  local.address,
  local.port,
  remote.address,
  remote.port,
];

/** The handlers of `loopback`. */
export const loopbackHandlers = (loopback: Loopback, exposures: Exposures): Handlers<"loopback"> => ({
  bind: (_grants, protocol, address, port, ipv6Only) => loopback.bind(protocolOf(protocol), address, port, ipv6Only),
  listen: (_grants, socket, backlog) => {
    exposures.open(socket);
    loopback.listen(socket, backlog);
    return undefined;
  },
  accept: async (_grants, socket) => flat(await loopback.accept(socket)),
  isInside: (_grants, protocol, address, port) => loopback.isInside(protocolOf(protocol), address, port),
  dial: async (_grants, protocol, address, port, from) =>
    flat(await loopback.dial(protocolOf(protocol), address, port, from)),
  close: (_grants, socket) => {
    exposures.close(socket);
    loopback.close(socket);
    return undefined;
  },
});
