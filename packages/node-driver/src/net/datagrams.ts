import type { Socket, SocketOptions } from "node:dgram";
import {
  type Granted,
  grantedAddress,
  type OutsideDatagrams,
  type OutsideEndpoint,
  type OutsideSocket,
  type Received,
  SyscallFailure,
} from "@vivarium/core/cell";
import { late } from "../late.ts";
import { socketFailure } from "./socket-failure.ts";

type Got = (received: Received) => void;
type Options = Pick<SocketOptions, "ipv6Only" | "reuseAddr">;

/** Every address is one already. It answers at once, so that binding and sending are done when they return. */
const noLookup: NonNullable<SocketOptions["lookup"]> = (address, _options, callback) => {
  const [answer] = [_options, callback].filter((value) => typeof value === "function");
  (answer as typeof callback)(null, address, address.includes(":") ? 6 : 4);
};

function make(family: 4 | 6, got: Got, options: Options = {}): Socket {
  const socket = late.dgram.createSocket({ type: family === 4 ? "udp4" : "udp6", lookup: noLookup, ...options });
  socket.on("message", (data, { address, port }) => got({ data, from: { address, port } }));
  return socket;
}

/** Binds at once. @throws SyscallFailure EADDRINUSE, EADDRNOTAVAIL, ... */
function bind(socket: Socket, address: string, port: number): void {
  let failure: Error | undefined;
  const refused = (error: Error): void => {
    failure = error;
  };
  socket.once("error", refused);
  // Cells are no workers of a cluster; `exclusive` says so.
  socket.bind({ address, port, exclusive: true });
  socket.removeListener("error", refused);
  if (failure === undefined) return;
  socket.close();
  throw socketFailure(failure);
}

const endpointOf = (socket: Socket): OutsideEndpoint => {
  const { address, port } = socket.address();
  return { address, port };
};

/** An error that belongs to no send: an ICMP answer, say. UDP tells nobody. */
const ignore = (): void => undefined;

function unconnected(socket: Socket): OutsideSocket {
  socket.on("error", ignore);
  return {
    local: endpointOf(socket),
    send(granted, data) {
      const { address, port } = grantedAddress(granted);
      return new Promise((resolve, reject) => {
        socket.send(data, port, address, (error) => (error ? reject(socketFailure(error)) : resolve()));
      });
    },
    close: () => socket.close(),
  };
}

/** UDP by the host's sockets. */
export const datagrams: OutsideDatagrams = {
  open(family, got) {
    const socket = make(family, got);
    bind(socket, family === 4 ? "0.0.0.0" : "::", 0);
    return unconnected(socket);
  },
  listen(granted: Granted, { ipv6Only, shared }, got) {
    const { family, address, port } = grantedAddress(granted);
    const socket = make(family, got, { ipv6Only, reuseAddr: shared });
    bind(socket, address, port);
    return unconnected(socket);
  },
  dial(granted, got, failed) {
    const { family, address, port } = grantedAddress(granted);
    if (port === 0) throw new SyscallFailure("EINVAL");
    const socket = make(family, got);
    let failure: SyscallFailure | undefined;
    socket.on("error", (error) => {
      failure ??= socketFailure(error);
      failed(failure);
    });
    bind(socket, family === 4 ? "0.0.0.0" : "::", 0);
    socket.connect(port, address);
    return {
      local: endpointOf(socket),
      send: (_granted, data) =>
        new Promise((resolve, reject) => {
          if (failure) return reject(failure);
          socket.send(data, (error) => (error ? reject(socketFailure(error)) : resolve()));
        }),
      close: () => socket.close(),
    };
  },
};
