import { createConnection, isIP, type Socket } from "node:net";
import {
  type Granted,
  networkNeedOf,
  type OutsideConnection,
  type OutsideEndpoint,
  SyscallFailure,
} from "@vivarium/core/cell";
import { HostStream } from "./host-stream.ts";
import { socketFailure } from "./socket-failure.ts";

/**
 * Connects to the very address that was granted, over TCP. Nothing is looked up here: a name has no way to lead
 * anywhere else than where the decision was about.
 */
export function connect(granted: Granted, from: OutsideEndpoint, signal: AbortSignal): Promise<OutsideConnection> {
  const { hostname: host, port } = networkNeedOf(granted);
  if (isIP(host) === 0) throw new SyscallFailure("EINVAL");
  const own = from.address === "" ? {} : { localAddress: from.address };
  const ownPort = from.port === 0 ? {} : { localPort: from.port };
  return new Promise((resolve, reject) => {
    let socket!: Socket;
    const stream = new HostStream((onread) => {
      socket = createConnection({
        host,
        port,
        ...own,
        ...ownPort,
        autoSelectFamily: false,
        allowHalfOpen: true,
        noDelay: true,
        onread,
      });
      return socket;
    });
    const giveUp = (): void => void socket.destroy(new SyscallFailure("ECANCELED"));
    const refused = (error: Error): void => {
      signal.removeEventListener("abort", giveUp);
      reject(socketFailure(error));
    };
    signal.addEventListener("abort", giveUp, { once: true });
    socket.once("error", refused);
    socket.once("connect", () => {
      signal.removeEventListener("abort", giveUp);
      socket.removeListener("error", refused);
      const { localAddress = "", localPort = 0, remoteAddress = host, remotePort = port } = socket;
      resolve({
        stream,
        local: { address: localAddress, port: localPort },
        remote: { address: remoteAddress, port: remotePort },
      });
    });
  });
}
