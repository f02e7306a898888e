import type { Granted } from "../../permissions/granted.ts";
import type { Outside, OutsideConnection } from "../../syscalls/driver.ts";
import type { CellStream } from "../cell-stream.ts";
import type { Loopback } from "../loopback/loopback.ts";
import type { Streams } from "../streams.ts";
import type { Sockets } from "./sockets.ts";

export interface ExposureParts {
  readonly loopback: Loopback;
  readonly outside: Outside;
  readonly streams: Streams;
  readonly sockets: Sockets;
  /** One grant for each address of the host at which a server bound here may be reached. */
  readonly grantListening: (address: string, port: number) => readonly Granted[];
}

/** Servers of the guest's that are reached at addresses of the host, as `permissions.network.listen` says. */
export class Exposures {
  readonly #parts: ExposureParts;
  /** By the loopback's number of the socket. */
  readonly #open = new Map<number, readonly Disposable[]>();

  constructor(parts: ExposureParts) {
    this.#parts = parts;
  }

  /** A socket has begun to listen. @throws SyscallFailure where an address of the host is taken */
  open(socket: number): void {
    const { loopback, outside, grantListening } = this.#parts;
    const { protocol, address, port } = loopback.boundTo(socket);
    if (protocol !== "tcp" || this.#open.has(socket)) return;
    const listeners: Disposable[] = [];
    try {
      for (const granted of grantListening(address, port)) {
        listeners.push(outside.listen(granted, (connection) => this.#arrived(socket, connection)));
      }
    } catch (error) {
      for (const listener of listeners) listener[Symbol.dispose]();
      throw error;
    }
    this.#open.set(socket, listeners);
  }

  close(socket: number): void {
    for (const listener of this.#open.get(socket) ?? []) listener[Symbol.dispose]();
    this.#open.delete(socket);
  }

  /** The run is over. */
  closeAll(): void {
    for (const socket of [...this.#open.keys()]) this.close(socket);
  }

  /** Hands a connection to the guest's server; one for which there is no room is broken off. */
  #arrived(socket: number, { stream, local, remote }: OutsideConnection): void {
    const { loopback, streams, sockets } = this.#parts;
    let counted: CellStream;
    try {
      sockets.take();
      counted = sockets.counted(stream);
    } catch {
      (stream.reset ?? stream.close).call(stream);
      return;
    }
    loopback.push(socket, {
      take: () => ({ stream: streams.add(counted), local, remote }),
      connected: () => {},
      refused: () => counted.reset?.(),
    });
  }
}
