import type { CellChannel } from "../channel/cell-side.ts";
import type { Peer } from "../channel/messages.ts";
import type { Limits } from "../limits/index.ts";
import type { Granted } from "../permissions/granted.ts";
import type { Outside } from "../syscalls/driver.ts";
import type { CellStream } from "./cell-stream.ts";
import type { Children } from "./children.ts";
import { MAX_SOCKETS } from "./handlers.ts";
import { Inbound } from "./loopback/inbound.ts";
import { Loopback } from "./loopback/loopback.ts";
import { Neighbours } from "./loopback/neighbours.ts";
import { askingEmbedder } from "./outside/embedder-lookup.ts";
import { Exposures } from "./outside/exposures.ts";
import { Sockets } from "./outside/sockets.ts";
import type { Streams } from "./streams.ts";

export interface RunNetworkParts {
  readonly channel: CellChannel;
  readonly streams: Streams;
  readonly children: Children;
  /** The driver's way out. */
  readonly outside: Outside;
  /** The embedder answers look-ups. */
  readonly asksLookups: boolean;
  readonly limits: Limits;
  /** No other process of the tree can be reached. */
  readonly isAlone: () => boolean;
  /** One grant for each address of the host at which a server bound here may be reached. */
  readonly grantListening: (address: string, port: number) => readonly Granted[];
  /** Calls under way that another process answers, by token of the channel. */
  readonly pending: Map<number, (ok: boolean, body: Uint8Array) => void>;
  readonly nextToken: () => number;
}

/** The network of one run: its own loopback, what reaches it from outside, and what leaves it. */
export class RunNetwork {
  readonly loopback: Loopback;
  readonly outside: Outside;
  readonly sockets: Sockets;
  readonly exposures: Exposures;
  readonly #inbound: Inbound;

  constructor(parts: RunNetworkParts) {
    const { channel, streams, children, limits, isAlone, grantListening, pending, nextToken } = parts;
    const openPipe = (pipe: number): CellStream => children.openPipe(pipe);
    const neighbours = new Neighbours({ channel, streams, openPipe, isAlone, pending, nextToken });
    const report: CellChannel["report"] = (told) => channel.report(told);
    this.outside = parts.asksLookups ? askingEmbedder(parts.outside, { report, pending, nextToken }) : parts.outside;
    this.loopback = new Loopback(streams, MAX_SOCKETS, neighbours);
    this.sockets = new Sockets(limits);
    const { loopback, outside, sockets } = this;
    this.exposures = new Exposures({ loopback, outside, streams, sockets, grantListening });
    this.#inbound = new Inbound({ loopback, streams, channel, openPipe });
  }

  /** Somebody wants to reach a server of the guest's. */
  dial(pipe: number, port: number, peer: Peer): void {
    void this.#inbound.dial(pipe, port, peer);
  }

  /** The guest is gone. */
  close(): void {
    this.exposures.closeAll();
  }

  /** -> when what its servers had written is handed on */
  finish(): Promise<void> {
    return this.#inbound.finish();
  }
}
