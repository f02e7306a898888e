import { Duplex } from "node:stream";
import { BytePipe } from "./children/byte-pipe.ts";
import type { Listeners } from "./children/listeners.ts";
import type { InboundConnections } from "./inbound.ts";

/** Where a server of the guest's is looked for. */
const LOOPBACK = ["127.0.0.1", "::1"];
/** Ports a connection of the embedder may seem to come from: Linux's ephemeral ones. */
const FIRST_PORT = 32_768;
const PORTS = 28_232;

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

interface Serving {
  readonly inbound: InboundConnections;
}

interface Found {
  readonly server: Serving;
  readonly address: string;
}

/** Connections of the embedder to servers of a run, in whichever of its processes they listen. */
export class HostConnections {
  readonly #listeners: Listeners<Serving>;
  readonly #over = new AbortController();
  #made = 0;

  constructor(listeners: Listeners<Serving>) {
    this.#listeners = listeners;
  }

  /** Waits until the port is served. @throws NotServedError when the run ends before; the signal's reason */
  async connect(port: number, signal?: AbortSignal): Promise<Duplex> {
    const stop = AbortSignal.any(signal ? [signal, this.#over.signal] : [this.#over.signal]);
    try {
      for (;;) {
        const found = await this.#served(port, stop);
        const connection = await this.#join(found, port, stop);
        if (connection !== undefined) return connection;
        // One that was about to close was none; one that is still there has refused.
        if (this.#find(port)?.server === found.server) throw new NotServedError(port);
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw this.#over.signal.aborted ? new NotServedError(port) : error;
    }
  }

  /** The run is over. */
  end(): void {
    this.#over.abort();
  }

  #find(port: number): Found | undefined {
    for (const address of LOOPBACK) {
      const server = this.#listeners.serving("tcp", address, port);
      if (server !== undefined) return { server, address };
    }
    return undefined;
  }

  #served(port: number, stop: AbortSignal): Promise<Found> {
    return untilAborted(stop, (resolve) => {
      const look = (): void => {
        const found = this.#find(port);
        if (found === undefined) return;
        this.#listeners.watchers.delete(look);
        resolve(found);
      };
      this.#listeners.watchers.add(look);
      stop.addEventListener("abort", () => this.#listeners.watchers.delete(look), { once: true });
      look();
    });
  }

  /** -> nothing where the server takes none. @throws when the signal says so */
  async #join({ server, address }: Found, port: number, stop: AbortSignal): Promise<Duplex | undefined> {
    const toGuest = new BytePipe();
    const fromGuest = new BytePipe();
    const from = { address, port: FIRST_PORT + (this.#made++ % PORTS) };
    try {
      const joined = server.inbound.join(toGuest, fromGuest, port, { protocol: "tcp", address, from });
      const isJoined = await untilAborted<boolean>(stop, (resolve) => void joined.then(resolve));
      return isJoined ? duplexOver(toGuest, fromGuest) : undefined;
    } catch (error) {
      toGuest.release("write");
      fromGuest.release("read");
      throw error;
    }
  }
}

function untilAborted<T>(signal: AbortSignal, start: (resolve: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    start(resolve);
  });
}
