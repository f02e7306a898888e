import { networkStatus } from "../lib/network-status.ts";
import { errnoOf } from "../lib/uvexception.ts";
import type { InstallBinding } from "../realm.ts";
import { asyncObjects } from "./async-object.ts";
import { Connection, type ConnectionKind } from "./connection-wrap.ts";
import { SocketEntries } from "./socket-entries.ts";
import { streamHandles } from "./stream-handle.ts";

/** `PipeWrap::SocketType` of src/pipe_wrap.h. */
const SOCKET = 0;
const SERVER = 1;

/** `internalBinding('pipe_wrap')` (src/pipe_wrap.cc). */
export const install: InstallBinding = (binding, realm) => {
  const { LibuvStreamWrap, streamOf, handleOf } = streamHandles(realm);
  const entries = new SocketEntries(realm);
  let connectionOf: ConnectionKind["of"] | undefined;

  class Pipe extends LibuvStreamWrap {
    readonly #connection: Connection;

    static {
      connectionOf = (object) => (object as Pipe).#connection;
    }

    constructor(type: unknown) {
      super({ provider: type === SERVER ? "PIPESERVERWRAP" : "PIPEWRAP", name: "PipeWrap" });
      this.#connection = new Connection(realm, handleOf(this), streamOf(this), kind);
    }

    /** Takes a descriptor the run inherited. */
    open(fd: number): number {
      const status = networkStatus(realm, () => this.attachStream(realm.sys.stream.inherited(fd)));
      if (status === 0) streamOf(this).fd = fd;
      return status;
    }

    connect(request: object, path: string): number {
      return this.#connection.connect(request, absolute(path), 0);
    }

    bind(path: string): number {
      const name = absolute(path);
      const status = this.#connection.bind(name, 0, false);
      return status === 0 ? entries.make(name, handleOf(this)) : status;
    }

    listen(backlog: number): number {
      return this.#connection.listen(backlog);
    }

    fchmod(who: number): number {
      const { local } = this.#connection;
      return local ? entries.open(local.address, who) : errnoOf(realm, "EBADF");
    }
  }
  const kind: ConnectionKind = {
    protocol: "pipe",
    connectProvider: "PIPECONNECTWRAP",
    obstacle: (path, isServed) => entries.obstacle(path, isServed),
    accepted: () => new Pipe(SOCKET),
    of: connectionOf as unknown as ConnectionKind["of"],
  };
  /** Linux's abstract names begin with NUL; all others are paths. */
  const absolute = (path: string): string =>
    path === "" || path[0] === "\0"
      ? path
      : realm.requireBuiltin<{ resolve(...parts: string[]): string }>("path").resolve(realm.cwd, path);
  binding["Pipe"] = Pipe;
  const { AsyncWrap } = asyncObjects(realm);
  class PipeConnectWrap extends AsyncWrap {}
  binding["PipeConnectWrap"] = PipeConnectWrap;
};
