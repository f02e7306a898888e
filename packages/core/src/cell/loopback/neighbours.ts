import type { CellChannel } from "../../channel/cell-side.ts";
import { SyscallFailure } from "../../errors/failure.ts";
import type { CellStream } from "../cell-stream.ts";
import type { Streams } from "../streams.ts";
import { type Endpoint, isPlace, type Protocol } from "./address.ts";
import type { Listening } from "./closest.ts";

/** The servers of other processes. */
export interface Elsewhere {
  /** Somebody listens where this socket would be bound. */
  isTaken(socket: Listening): boolean;
  /** Somebody takes connections to this address. */
  isServed(protocol: Protocol, address: string, port: number): boolean;
  /** -> the stream of a connection. @throws SyscallFailure ECONNREFUSED, EMFILE */
  dial(protocol: Protocol, address: string, port: number, from: Endpoint): Promise<number>;
  /** A socket of this process listens from now on. */
  opened(id: number, socket: Listening): void;
  closed(id: number): void;
}

/** For a process that is alone. */
export const nobodyElse: Elsewhere = {
  isTaken: () => false,
  isServed: () => false,
  dial: () => Promise.reject(new SyscallFailure("ECONNREFUSED")),
  opened() {},
  closed() {},
};

export interface NeighbourParts {
  readonly channel: CellChannel;
  readonly streams: Streams;
  /** The cell's end of a pipe that the supervisor made. */
  readonly openPipe: (pipe: number) => CellStream;
  /** There is no other process yet: nobody needs to be asked. */
  readonly isAlone: () => boolean;
  /** Calls that the supervisor answers, by token. */
  readonly pending: Map<number, (ok: boolean, body: Uint8Array) => void>;
  readonly nextToken: () => number;
}

/** The other processes of the tree, reached through the supervisor: it knows who listens where, and carries the bytes. */
export class Neighbours implements Elsewhere {
  readonly #parts: NeighbourParts;

  constructor(parts: NeighbourParts) {
    this.#parts = parts;
  }

  isTaken({ protocol, address, port, ipv6Only }: Listening): boolean {
    return this.#ask({ use: "bind", protocol, address, port, ipv6Only });
  }

  isServed(protocol: Protocol, address: string, port: number): boolean {
    return isPlace(protocol, address, port) && this.#ask({ use: "connect", protocol, address, port, ipv6Only: false });
  }

  #ask(place: Listening & { readonly use: "bind" | "connect" }): boolean {
    const { channel, isAlone } = this.#parts;
    if (isAlone()) return false;
    const { header } = channel.ask({ kind: "listener", ...place });
    return "ok" in header && header.ok;
  }

  async dial(protocol: Protocol, address: string, port: number, from: Endpoint): Promise<number> {
    if (!isPlace(protocol, address, port)) throw new SyscallFailure("ECONNREFUSED");
    const { channel, streams, openPipe, pending, nextToken } = this.#parts;
    const token = nextToken();
    const answered = new Promise<number>((resolve, reject) => {
      pending.set(token, (ok, body) => {
        const answer = Buffer.from(body).toString("latin1");
        if (ok) resolve(Number(answer));
        else reject(new SyscallFailure(answer || "ECONNREFUSED"));
      });
    });
    channel.report({ type: "reach", token, protocol, address, port, from });
    return streams.add(openPipe(await answered));
  }

  opened(socket: number, { protocol, address, port, ipv6Only }: Listening): void {
    this.#parts.channel.report({ type: "listens", socket, protocol, address, port, ipv6Only });
  }

  closed(socket: number): void {
    this.#parts.channel.report({ type: "unlistens", socket });
  }
}
