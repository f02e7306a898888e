import type { Peer } from "../channel/messages.ts";
import type { BytePipe } from "./children/byte-pipe.ts";
import type { ParentPipes } from "./children/parent-pipes.ts";

/** Connections of the embedder, and of other processes of the tree, to servers of one process. */
export class InboundConnections {
  readonly #pipes: ParentPipes;
  readonly #dial: (pipe: number, port: number, peer: Peer) => void;
  /** Who waits for the cell's answer, by pipe. */
  readonly #waiting = new Map<number, (ok: boolean) => void>();
  #isOver = false;

  /** @param dial asks the cell for a connection whose other end is this pipe */
  constructor(pipes: ParentPipes, dial: (pipe: number, port: number, peer: Peer) => void) {
    this.#pipes = pipes;
    this.#dial = dial;
  }

  /** Joins the pipe of somebody else, one direction each, with a server here. -> whether there is one */
  join(toServer: BytePipe, fromServer: BytePipe, port: number, peer: Peer): Promise<boolean> {
    if (this.#isOver || !this.#pipes.hasRoom(1)) return Promise.resolve(false);
    const pipe = this.#pipes.add(toServer, fromServer);
    return new Promise((settle) => {
      this.#waiting.set(pipe, settle);
      this.#dial(pipe, port, peer);
    });
  }

  /** The cell's answer. */
  dialed(pipe: number, ok: boolean): void {
    const settle = this.#waiting.get(pipe);
    this.#waiting.delete(pipe);
    settle?.(ok);
  }

  /** The process is gone. */
  end(): void {
    this.#isOver = true;
    for (const pipe of [...this.#waiting.keys()]) this.dialed(pipe, false);
  }
}
