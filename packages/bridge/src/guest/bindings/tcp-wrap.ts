import { networkStatus } from "../lib/network-status.ts";
import { isAddress, tellAddress, toPort } from "../lib/socket-address.ts";
import { errnoOf } from "../lib/uvexception.ts";
import type { InstallBinding } from "../realm.ts";
import { asyncObjects } from "./async-object.ts";
import { Connection, type ConnectionKind } from "./connection-wrap.ts";
import { streamHandles } from "./stream-handle.ts";

/** `TCPWrap::SocketType` of src/tcp_wrap.h. */
const SOCKET = 0;
const SERVER = 1;
const UV_TCP_IPV6ONLY = 1;
const KINDS = {
  socket: { provider: "TCPWRAP", name: "TCPSocketWrap" },
  server: { provider: "TCPSERVERWRAP", name: "TCPServerWrap" },
} as const;

/** `internalBinding('tcp_wrap')` (src/tcp_wrap.cc). */
export const install: InstallBinding = (binding, realm) => {
  const { LibuvStreamWrap, streamOf, handleOf } = streamHandles(realm);
  let connectionOf: ConnectionKind["of"] | undefined;

  class TCP extends LibuvStreamWrap {
    readonly #connection: Connection;

    static {
      connectionOf = (object) => (object as TCP).#connection;
    }

    constructor(type: unknown) {
      super(type === SERVER ? KINDS.server : KINDS.socket);
      this.#connection = new Connection(realm, handleOf(this), streamOf(this), kind);
    }

    /** Takes a descriptor the run inherited. */
    open(fd: number): number {
      const status = networkStatus(realm, () => this.attachStream(realm.sys.stream.inherited(fd)));
      if (status === 0) streamOf(this).fd = fd;
      return status;
    }

    bind(address: string, port: unknown): number {
      if (!isAddress(address, false)) return errnoOf(realm, "EINVAL");
      return this.#connection.bind(address, toPort(port), false);
    }

    bind6(address: string, port: unknown, flags = 0): number {
      if (!isAddress(address, true)) return errnoOf(realm, "EINVAL");
      return this.#connection.bind(address, toPort(port), (flags & UV_TCP_IPV6ONLY) !== 0);
    }

    listen(backlog: number): number {
      return this.#connection.listen(backlog);
    }

    connect(request: object, address: string, port: unknown): number {
      if (!isAddress(address, false)) return errnoOf(realm, "EINVAL");
      return this.#connection.connect(request, address, toPort(port));
    }

    connect6(request: object, address: string, port: unknown): number {
      if (!isAddress(address, true)) return errnoOf(realm, "EINVAL");
      return this.#connection.connect(request, address, toPort(port));
    }

    getsockname(into: object): number {
      const { local } = this.#connection;
      if (!local) return errnoOf(realm, "EBADF");
      tellAddress(into, local);
      return 0;
    }

    getpeername(into: object): number {
      const { local, remote } = this.#connection;
      if (!remote) return errnoOf(realm, local ? "ENOTCONN" : "EBADF");
      tellAddress(into, remote);
      return 0;
    }

    /** What it would change on the wire does not exist inside the sandbox. */
    setNoDelay(): number {
      return 0;
    }

    setKeepAlive(): number {
      return 0;
    }

    /** Closes it so that the other end fails with ECONNRESET (`uv_tcp_close_reset`). */
    reset(callback?: () => void): number {
      const status = handleOf(this).isClosing ? 0 : streamOf(this).resetAtClose();
      if (status === 0) this.close(callback);
      return status;
    }
  }
  const kind: ConnectionKind = {
    protocol: "tcp",
    connectProvider: "TCPCONNECTWRAP",
    accepted: () => new TCP(SOCKET),
    of: connectionOf as unknown as ConnectionKind["of"],
  };
  binding["TCP"] = TCP;
  const { AsyncWrap } = asyncObjects(realm);
  class TCPConnectWrap extends AsyncWrap {}
  binding["TCPConnectWrap"] = TCPConnectWrap;
};
