import { SyscallFailure } from "../errors/failure.ts";
import type { Handlers } from "../syscalls/driver.ts";

/** The host's end of one byte stream of the guest's. */
export interface CellStream {
  /** The next bytes as they come; none at the end. Fails with a `SyscallFailure`. */
  read(): Promise<Uint8Array>;
  /** Settles when there is room for more. */
  write(data: Uint8Array): Promise<void>;
  /** Writes what goes without waiting. -> bytes; a stream that leaves it out always waits. */
  writeNow?(data: Uint8Array): number;
  /** Nothing more will be written. */
  shutdown(): Promise<void>;
  /** The same where it needs no waiting. -> whether it is done; a stream that leaves it out always waits. */
  shutdownNow?(): boolean;
  /** Gives it up: what is under way fails with ECANCELED. Called once. */
  close(): void;
  /** Gives it up so that the other end fails with ECONNRESET; left out where there is no such thing. Instead of `close`. */
  reset?(): void;
}

/** The streams of one run, by number. Pipes to child processes, inherited descriptors and connections live here. */
export class Streams {
  readonly #open = new Map<number, CellStream>();
  #last = 0;
  #isOver = false;

  /** -> its number. A stream that comes after the end of the run is closed at once. @throws SyscallFailure ECANCELED */
  add(stream: CellStream): number {
    if (this.#isOver) {
      stream.close();
      throw new SyscallFailure("ECANCELED");
    }
    this.#last += 1;
    this.#open.set(this.#last, stream);
    return this.#last;
  }

  /** @throws SyscallFailure EBADF */
  get(id: number): CellStream {
    const stream = this.#open.get(id);
    if (stream === undefined) throw new SyscallFailure("EBADF");
    return stream;
  }

  /** @throws SyscallFailure EBADF */
  close(id: number): void {
    const stream = this.get(id);
    this.#open.delete(id);
    stream.close();
  }

  /** Closes it so that the other end fails. @throws SyscallFailure EBADF, ENOTSUP */
  reset(id: number): void {
    const stream = this.get(id);
    if (!stream.reset) throw new SyscallFailure("ENOTSUP");
    this.#open.delete(id);
    stream.reset();
  }

  /** Takes one out: from now on it is the caller's to close. @throws SyscallFailure EBADF */
  take(id: number): CellStream {
    const stream = this.get(id);
    this.#open.delete(id);
    return stream;
  }

  /** The run is over. */
  closeAll(): void {
    this.#isOver = true;
    for (const id of [...this.#open.keys()]) this.close(id);
  }
}

/** The handlers of `stream`; `inherited` finds what the run was given at its start. */
export function streamHandlers(
  streams: Streams,
  inherited: (descriptor: number) => CellStream | undefined,
): Handlers<"stream"> {
  const reading = new Set<number>();
  return {
    inherited: (_grants, descriptor) => {
      const stream = inherited(descriptor);
      if (stream === undefined) throw new SyscallFailure("EBADF");
      return streams.add(stream);
    },
    read: async (_grants, id) => {
      const stream = streams.get(id);
      if (reading.has(id)) throw new SyscallFailure("EBUSY");
      reading.add(id);
      try {
        return await stream.read();
      } finally {
        reading.delete(id);
      }
    },
    write: async (_grants, id, data) => {
      // A view of what crossed: the guest cannot reach it any more.
      await streams.get(id).write(data);
      return undefined;
    },
    writeNow: (_grants, id, data) => streams.get(id).writeNow?.(data) ?? 0,
    shutdown: async (_grants, id) => {
      await streams.get(id).shutdown();
      return undefined;
    },
    shutdownNow: (_grants, id) => streams.get(id).shutdownNow?.() ?? false,
    reset: (_grants, id) => {
      streams.reset(id);
      return undefined;
    },
    close: (_grants, id) => {
      streams.close(id);
      return undefined;
    },
  };
}
