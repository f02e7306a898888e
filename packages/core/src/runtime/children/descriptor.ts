import type { BytePipe } from "./byte-pipe.ts";

/** What stands behind one descriptor of a process. Several processes may hold it. */
export interface Descriptor {
  /** What a program is told it is (`util.guessHandleType`). */
  readonly kind: "FILE" | "PIPE";
  /** The next bytes, or nothing at the end. */
  next(bytes?: number): Promise<Uint8Array | undefined>;
  /** -> a promise while there is no room for more. */
  write(data: Uint8Array): void | PromiseLike<void>;
  /** One more process holds it. */
  retain(): void;
  /** A process lets go of it. */
  release(): void;
}

/** As `/dev/null`. */
export const nothing: Descriptor = {
  kind: "FILE",
  next: async () => undefined,
  write() {},
  retain() {},
  release() {},
};

/** A process's end of a pipe: it reads from one direction and writes to the other. */
export const pipeDescriptor = (incoming: BytePipe, outgoing: BytePipe): Descriptor => ({
  kind: "PIPE",
  next: (bytes) => incoming.next(bytes),
  write: (data) => outgoing.write(data),
  retain() {
    incoming.retain("read");
    outgoing.retain("write");
  },
  release() {
    incoming.release("read");
    outgoing.release("write");
  },
});

/** The descriptors of one process, by number. */
export class DescriptorTable {
  readonly #open: Map<number, Descriptor>;

  constructor(descriptors: Iterable<readonly [number, Descriptor]>) {
    this.#open = new Map(descriptors);
  }

  get(fd: number): Descriptor | undefined {
    return this.#open.get(fd);
  }

  get numbers(): readonly number[] {
    return [...this.#open.keys()];
  }

  close(fd: number): void {
    const descriptor = this.#open.get(fd);
    this.#open.delete(fd);
    descriptor?.release();
  }

  closeAll(): void {
    for (const fd of [...this.#open.keys()]) this.close(fd);
  }
}
