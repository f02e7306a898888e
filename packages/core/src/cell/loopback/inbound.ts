import type { CellChannel } from "../../channel/cell-side.ts";
import type { Peer } from "../../channel/messages.ts";
import type { CellStream } from "../cell-stream.ts";
import type { Streams } from "../streams.ts";
import type { Loopback } from "./loopback.ts";

export interface InboundParts {
  readonly loopback: Loopback;
  readonly streams: Streams;
  readonly channel: CellChannel;
  /** The cell's end of a pipe that the supervisor made. */
  readonly openPipe: (pipe: number) => CellStream;
}

/** Connects the embedder, and other processes, with servers of the guest's, over the sandbox's loopback. */
export class Inbound {
  readonly #parts: InboundParts;
  /** What servers write, on its way out; one promise a connection. */
  readonly #outgoing = new Set<Promise<void>>();
  readonly #ending = Promise.withResolvers<void>();

  constructor(parts: InboundParts) {
    this.#parts = parts;
  }

  /** Carries bytes between a server and the pipe of who wants to reach it until both ends are over. */
  async dial(pipe: number, port: number, { protocol, address, from }: Peer): Promise<void> {
    const { loopback, streams, channel, openPipe } = this.#parts;
    const outer = openPipe(pipe);
    let inner: CellStream | undefined;
    try {
      const { stream } = await loopback.dialFrom(from, protocol, address, port);
      inner = streams.take(stream);
      channel.report({ type: "dialed", pipe, ok: true });
      await Promise.all([this.#carryOut(inner, outer), this.#carry(outer, inner)]);
    } catch {
      if (inner === undefined) channel.report({ type: "dialed", pipe, ok: false });
    }
    outer.close();
    inner?.close();
  }

  /** The guest is gone. -> when what its servers had written is handed on; nobody is waited for that reads it. */
  async finish(): Promise<void> {
    this.#ending.resolve();
    await Promise.allSettled(this.#outgoing);
  }

  async #carryOut(from: CellStream, to: CellStream): Promise<void> {
    const carried = this.#carry(from, to);
    this.#outgoing.add(carried);
    try {
      await carried;
    } finally {
      this.#outgoing.delete(carried);
    }
  }

  /** Carries one direction to its end. */
  async #carry(from: CellStream, to: CellStream): Promise<void> {
    for (;;) {
      const data = await from.read();
      if (data.byteLength === 0) return to.shutdown();
      await Promise.race([to.write(data), this.#ending.promise]);
    }
  }
}
