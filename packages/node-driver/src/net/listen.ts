import * as net from "node:net";
import { getSystemErrorName } from "node:util";
import {
  type Granted,
  networkNeedOf,
  type OutsideConnection,
  type OutsideEndpoint,
  SyscallFailure,
} from "@vivarium/core/cell";
import { HostStream } from "./host-stream.ts";

/** What `net` has beside its documented functions: it binds at once, and answers a handle or a negative errno. */
interface BindingNet {
  _createServerHandle(address: string, port: number, family: 4 | 6): object | number;
}

const FAMILY = { 4: 4, 6: 6 } as const;

function bind({ address, port }: OutsideEndpoint): object {
  const family = net.isIP(address);
  if (family !== 4 && family !== 6) throw new SyscallFailure("EINVAL");
  const handle = (net as unknown as BindingNet)._createServerHandle(address, port, FAMILY[family]);
  if (typeof handle === "number") throw new SyscallFailure(getSystemErrorName(handle));
  return handle;
}

/**
 * Listens at the very address and port that was granted.
 * @throws SyscallFailure with the system's errno name where that is not possible
 */
export function listen(granted: Granted, connected: (connection: OutsideConnection) => void): Disposable {
  const { hostname: address, port } = networkNeedOf(granted);
  const handle = bind({ address, port });
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
  server.on("connection", (socket) => {
    const { localAddress = address, localPort = port, remoteAddress = "", remotePort = 0 } = socket;
    connected({
      stream: new HostStream(socket),
      local: { address: localAddress, port: localPort },
      remote: { address: remoteAddress, port: remotePort },
    });
  });
  // libuv tells only here that somebody else has the port, and `net` tells it in a later turn.
  server.on("error", () => {});
  server.listen(handle);
  if (!server.listening) throw new SyscallFailure("EADDRINUSE");
  return {
    [Symbol.dispose]() {
      server.close();
    },
  };
}
