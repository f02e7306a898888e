import { type Settle, SyscallError } from "../client.ts";
import { networkStatus, refusedStatus } from "../lib/network-status.ts";
import type { Endpoint } from "../lib/socket-address.ts";
import { errnoOf } from "../lib/uvexception.ts";
import type { Realm } from "../realm.ts";
import type { CellStream } from "./cell-stream.ts";
import type { Handle } from "./handle-wrap.ts";
import { Request } from "./request-wrap.ts";

/** Fixed facts of a kind of connection. */
export interface ConnectionKind {
  readonly protocol: "tcp" | "pipe";
  /** The provider of its connect requests in `async_hooks`. */
  readonly connectProvider: string;
  /** What stands in the way of a connection: a negative errno or 0, told by the request. `isServed`: by the sandbox. */
  obstacle?(address: string, isServed: boolean): number;
  /** Makes the handle of an accepted connection. */
  accepted(): object;
  /** The inner side of such a handle. */
  of(object: object): Connection;
}

/**
 * The inner side of a socket that connects or listens (`ConnectionWrap` of src/connection_wrap.cc): inside the sandbox
 * through `loopback` syscalls; what nobody inside serves goes on to the network's permission.
 */
export class Connection {
  readonly #realm: Realm;
  readonly #handle: Handle;
  readonly #stream: CellStream;
  readonly #kind: ConnectionKind;
  /** The cell's number of the bound socket, 0: none. */
  #socket = 0;
  /** What `bind` found and `listen` or `connect` tells, as libuv does (`delayed_error`). */
  #delayed = 0;
  /** Bound to an address that is none of the sandbox's own. */
  #outside: Endpoint | undefined;
  local: Endpoint | undefined;
  remote: Endpoint | undefined;

  constructor(realm: Realm, handle: Handle, stream: CellStream, kind: ConnectionKind) {
    this.#realm = realm;
    this.#handle = handle;
    this.#stream = stream;
    this.#kind = kind;
    handle.atClose(() => this.#release());
  }

  #errno(code: string): number {
    return errnoOf(this.#realm, code);
  }

  /** @returns 0 or a negative errno */
  bind(address: string, port: number, ipv6Only: boolean): number {
    if (this.#handle.isClosing || this.#socket !== 0) return this.#errno("EINVAL");
    try {
      const { protocol } = this.#kind;
      const [socket, taken] = this.#realm.sys.loopback.bind(protocol, address, port, ipv6Only);
      this.#socket = socket as number;
      this.local = { address, port: taken as number };
      return 0;
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (error.code === "EADDRINUSE" && this.#kind.protocol === "tcp") {
        this.#delayed = this.#errno("EADDRINUSE");
        // The socket is there, and bound to nothing: the library asks for its port.
        this.local = { address: "0.0.0.0", port: 0 };
      } else if (error.code === "EADDRNOTAVAIL") this.#outside = { address, port };
      else return this.#errno(error.code);
      return 0;
    }
  }

  /** @returns 0 or a negative errno */
  listen(backlog: number): number {
    if (this.#delayed !== 0) return this.#delayed;
    const { sys } = this.#realm;
    const { protocol } = this.#kind;
    // An address that no machine inside has.
    if (this.#outside) return this.#errno("EADDRNOTAVAIL");
    if (this.#socket === 0) {
      const failed = protocol === "tcp" ? this.bind("0.0.0.0", 0, false) : this.#errno("EINVAL");
      if (failed !== 0) return failed;
    }
    const status = networkStatus(this.#realm, () => sys.loopback.listen(this.#socket, backlog));
    if (status !== 0) return status;
    this.#handle.setActive(true);
    this.#accept();
    return 0;
  }

  #accept(): void {
    const settle = (failure: SyscallError | undefined, result: unknown): void => {
      if (this.#handle.isClosing) {
        if (!failure) this.#giveUp((result as readonly unknown[])[0] as number);
        return;
      }
      const status = failure ? this.#errno(failure.code) : 0;
      const client = failure ? undefined : this.#handle.resource.trigger(() => this.#kind.accepted());
      if (client) this.#kind.of(client).#establish(result as readonly unknown[]);
      // A refusal (a budget is used up) would be the next one's answer too.
      if (!failure) this.#accept();
      const { onconnection } = this.#handle.target as { onconnection?: unknown };
      this.#handle.resource.call(onconnection, [status, client]);
    };
    try {
      this.#realm.start("loopback.accept", settle, this.#socket);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#realm.loop.complete(() => settle(error, undefined));
    }
  }

  /** @returns 0, and the request is called back; or a negative errno */
  connect(request: object, address: string, port: number): number {
    if (this.#handle.isClosing) return this.#errno("EINVAL");
    if (this.#stream.isConnecting) return this.#errno("EALREADY");
    if (this.#stream.isAttached) return this.#errno("EISCONN");
    const { loop } = this.#realm;
    const { connectProvider } = this.#kind;
    const inside = this.#delayed !== 0 || this.#isInside(address, port);
    const obstacle = this.#delayed || (this.#kind.obstacle?.(address, inside) ?? 0);
    const started = new Request(this.#realm, request, connectProvider, "ConnectWrap", this.#handle.resource);
    const finish = (status: number): void => {
      const isOpen = status === 0;
      started.finish(status, this.#handle.target, request, isOpen, isOpen);
    };
    this.#stream.isConnecting = true;
    this.#handle.atClose(() => {
      if (started.isReferenced()) loop.closing(() => finish(this.#errno("ECANCELED")));
    });
    const settle = (failure: SyscallError | undefined, result: unknown): void => {
      this.#stream.isConnecting = false;
      if (this.#handle.isClosing) {
        if (!failure) this.#giveUp((result as readonly unknown[])[0] as number);
        return;
      }
      if (!failure) this.#establish(result as readonly unknown[]);
      finish(failure ? refusedStatus(this.#realm, failure) : 0);
    };
    if (obstacle !== 0) {
      loop.complete(() => {
        this.#stream.isConnecting = false;
        finish(obstacle);
      });
      return 0;
    }
    try {
      this.#dial(inside, settle, address, port);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (!inside) {
        this.#stream.isConnecting = false;
        started.drop();
        return refusedStatus(this.#realm, error);
      }
      loop.complete(() => settle(error, undefined));
    }
    return 0;
  }

  /** Whether the sandbox itself is meant: one of its own addresses where somebody listens, or a path. */
  #isInside(address: string, port: number): boolean {
    return this.#realm.sys.loopback.isInside(this.#kind.protocol, address, port);
  }

  #dial(inside: boolean, settle: Settle, address: string, port: number): void {
    if (inside) {
      this.#realm.start("loopback.dial", settle, this.#kind.protocol, address, port, this.#socket);
      return;
    }
    const own = this.#outside ?? this.local ?? { address: "", port: 0 };
    this.#realm.start("network.connect", settle, address, port, own.address, own.port);
  }

  #establish(result: readonly unknown[]): void {
    this.local = { address: result[1] as string, port: result[2] as number };
    this.remote = { address: result[3] as string, port: result[4] as number };
    this.#stream.attach(result[0] as number);
  }

  #giveUp(stream: number): void {
    networkStatus(this.#realm, () => this.#realm.sys.stream.close(stream));
  }

  #release(): void {
    if (this.#socket === 0) return;
    networkStatus(this.#realm, () => this.#realm.sys.loopback.close(this.#socket));
    this.#socket = 0;
  }
}
