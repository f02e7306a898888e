import type { CellStream, OpenLease, StreamSink } from "../cell/cell-stream.ts";
import type { Sockets } from "../cell/outside/sockets.ts";
import { SyscallFailure } from "../errors/failure.ts";
import type { OutsideConnection } from "../syscalls/driver.ts";

/** A stream whose other end the test is. */
export class FarStream implements CellStream {
  readonly written: number[] = [];
  ending: "close" | "reset" | undefined;
  #waiting: PromiseWithResolvers<Uint8Array> | undefined;

  #sink: StreamSink | undefined;
  /** What lessees left. */
  readonly left: number[] = [];

  lease(_bytes: number, open: OpenLease): void {
    open(5, (left) => this.left.push(left));
  }

  say(bytes: number): void {
    this.#waiting?.resolve(new Uint8Array(bytes));
    this.#sink?.data(new Uint8Array(bytes));
  }

  breakOff(): void {
    this.#sink?.fail(new SyscallFailure("ECONNRESET"));
  }

  listen(sink: StreamSink): void {
    this.#sink = sink;
  }

  unlisten(): void {
    this.#sink = undefined;
  }

  read(): Promise<Uint8Array> {
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  async write(data: Uint8Array): Promise<void> {
    this.written.push(data.byteLength);
  }

  writeNow(data: Uint8Array): number {
    const taken = Math.min(data.byteLength, 10);
    this.written.push(taken);
    return taken;
  }

  async shutdown(): Promise<void> {}

  #end(how: "close" | "reset"): void {
    if (this.ending) throw new Error("closed twice");
    this.ending = how;
    this.#sink = undefined;
    this.#waiting?.reject(new SyscallFailure("ECANCELED"));
  }

  close(): void {
    this.#end("close");
  }

  reset(): void {
    this.#end("reset");
  }
}

export const connectionOf = (stream: CellStream): OutsideConnection => {
  const end = { address: "1.2.3.4", port: 5 };
  return { stream, local: end, remote: end };
};

/** Connects one through the run's bounds. */
export async function openFar(sockets: Sockets): Promise<{ far: FarStream; stream: CellStream }> {
  const far = new FarStream();
  const { stream } = await sockets.connect(async () => connectionOf(far));
  return { far, stream };
}

/** What it fails with; nothing where it does not. */
export const failureOf = async (run: () => unknown): Promise<SyscallFailure | undefined> => {
  try {
    await run();
  } catch (error) {
    return error as SyscallFailure;
  }
  return undefined;
};
