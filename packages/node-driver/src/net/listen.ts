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

/** What waits for the guest to accept it (`net`'s own default). */
const BACKLOG = 511;

/** The handle under a server of `net`, as far as it is used. Functions answer 0 or a negative errno. */
interface ServerHandle {
  onconnection: (status: number, client: object | undefined) => void;
  listen(backlog: number): number;
  close(): void;
}

/** What `net` has beside its documented functions: it binds at once, and makes a socket of a handle. */
interface BindingNet {
  _createServerHandle(address: string, port: number, family: 4 | 6): ServerHandle | number;
  readonly Socket: new (
    options: net.SocketConstructorOpts & { readonly handle: object; readonly pauseOnCreate: boolean },
  ) => net.Socket;
}

const bindingNet = net as unknown as BindingNet;
const FAMILY = { 4: 4, 6: 6 } as const;

const failureOf = (errno: number): SyscallFailure => new SyscallFailure(getSystemErrorName(errno));

function bind({ address, port }: OutsideEndpoint): ServerHandle {
  const family = net.isIP(address);
  if (family !== 4 && family !== 6) throw new SyscallFailure("EINVAL");
  const handle = bindingNet._createServerHandle(address, port, FAMILY[family]);
  if (typeof handle === "number") throw failureOf(handle);
  return handle;
}

/**
 * Listens at the very address and port that was granted.
 * @throws SyscallFailure with the system's errno name where that is not possible
 */
export function listen(granted: Granted, connected: (connection: OutsideConnection) => void): Disposable {
  const { hostname: address, port } = networkNeedOf(granted);
  const server = bind({ address, port });
  server.onconnection = (_status, handle) => {
    if (!handle) return;
    let socket!: net.Socket;
    const stream = new HostStream((onread) => {
      socket = new bindingNet.Socket({ handle, onread, allowHalfOpen: true, pauseOnCreate: true });
      return socket;
    });
    socket.setNoDelay(true);
    const { localAddress = address, localPort = port, remoteAddress = "", remotePort = 0 } = socket;
    connected({
      stream,
      local: { address: localAddress, port: localPort },
      remote: { address: remoteAddress, port: remotePort },
    });
  };
  const failed = server.listen(BACKLOG);
  if (failed < 0) {
    server.close();
    throw failureOf(failed);
  }
  return {
    [Symbol.dispose]() {
      server.close();
    },
  };
}
