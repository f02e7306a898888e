import { Duplex } from "node:stream";
import type { Peer } from "../channel/messages.ts";
import { BytePipe } from "./children/byte-pipe.ts";
import type { ParentPipes } from "./children/parent-pipes.ts";

/** No program runs in the sandbox, or it ended before it served the port. */
export class NotServedError extends Error {
  override readonly name = "NotServedError";
  readonly code = "ERR_SANDBOX_NOT_SERVED";

  constructor(port: number) {
    super(`no program of this runtime serves port ${port}; start one with exec() or run() and let it listen`);
  }
}

/** Both directions of one connection as a stream of Node's. */
function duplexOver(toGuest: BytePipe, fromGuest: BytePipe): Duplex {
  return new Duplex({
    allowHalfOpen: false,
    read() {
      void fromGuest.next().then((piece) => this.push(piece ?? null));
    },
    write(chunk: Uint8Array, _encoding, done) {
      const room = toGuest.write(chunk);
      if (room) void room.then(() => done());
      else done();
    },
    final(done) {
      toGuest.release("write");
      done();
    },
    destroy(error, done) {
      fromGuest.release("read");
      if (!this.writableFinished) toGuest.release("write");
      done(error);
    },
  });
}

interface Waiting {
  readonly port: number;
  readonly settle: (ok: boolean) => void;
}

/** Connections of the embedder, and of other processes of the tree, to servers of one process. */
export class InboundConnections {
  readonly #pipes: ParentPipes;
  readonly #dial: (pipe: number, port: number, peer?: Peer) => void;
  readonly #waiting = new Map<number, Waiting>();
  #isOver = false;

  /** @param dial asks the cell for a connection whose other end is this pipe */
  constructor(pipes: ParentPipes, dial: (pipe: number, port: number, peer?: Peer) => void) {
    this.#pipes = pipes;
    this.#dial = dial;
  }

  /** Waits until the guest serves the port. @throws NotServedError when the run ends before; the signal's reason */
  connect(port: number, signal?: AbortSignal): Promise<Duplex> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#isOver || !this.#pipes.hasRoom(1)) return Promise.reject(new NotServedError(port));
    const toGuest = new BytePipe();
    const fromGuest = new BytePipe();
    const pipe = this.#pipes.add(toGuest, fromGuest);
    return new Promise((resolve, reject) => {
      const aborted = (): void => {
        this.#waiting.delete(pipe);
        this.#pipes.step(pipe, "close", new Uint8Array(0));
        reject(signal?.reason);
      };
      this.#waiting.set(pipe, {
        port,
        settle: (ok) => {
          signal?.removeEventListener("abort", aborted);
          if (ok) resolve(duplexOver(toGuest, fromGuest));
          else reject(new NotServedError(port));
        },
      });
      signal?.addEventListener("abort", aborted, { once: true });
      this.#dial(pipe, port);
    });
  }

  /** Joins the pipe of another process, one direction each, with a server here. -> whether there is one */
  join(toServer: BytePipe, fromServer: BytePipe, port: number, peer: Peer): Promise<boolean> {
    if (this.#isOver || !this.#pipes.hasRoom(1)) return Promise.resolve(false);
    const pipe = this.#pipes.add(toServer, fromServer);
    return new Promise((settle) => {
      this.#waiting.set(pipe, { port, settle });
      this.#dial(pipe, port, peer);
    });
  }

  /** The cell's answer. */
  dialed(pipe: number, ok: boolean): void {
    const waiting = this.#waiting.get(pipe);
    this.#waiting.delete(pipe);
    waiting?.settle(ok);
  }

  /** The run is over. */
  end(): void {
    this.#isOver = true;
    for (const pipe of [...this.#waiting.keys()]) this.dialed(pipe, false);
  }
}
