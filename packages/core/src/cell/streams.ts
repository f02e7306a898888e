import { SyscallFailure } from "../errors/failure.ts";
import type { Handlers } from "../syscalls/driver.ts";
import type { Arrivals } from "./arrivals.ts";
import type { CellStream } from "./cell-stream.ts";
import type { Leases } from "./leases.ts";
import { Readers } from "./readers.ts";

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
  arrivals: Arrivals,
  charge: (bytes: number) => void,
  leases: Leases,
  inherited: (descriptor: number) => CellStream | undefined,
): Handlers<"stream"> {
  const reading = new Set<number>();
  const readers = new Readers(arrivals);
  return {
    inherited: (_grants, descriptor) => {
      const stream = inherited(descriptor);
      if (stream === undefined) throw new SyscallFailure("EBADF");
      return streams.add(stream);
    },
    start: (_grants, id, token) => {
      if (reading.has(id)) throw new SyscallFailure("EBUSY");
      readers.start(id, streams.get(id), token);
      return undefined;
    },
    stop: (_grants, id) => {
      readers.stop(id);
      return undefined;
    },
    read: async (_grants, id) => {
      const stream = streams.get(id);
      if (reading.has(id) || readers.has(id)) throw new SyscallFailure("EBUSY");
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
    sendNow: (_grants, id, size) => {
      const stream = streams.get(id);
      const lent = arrivals.outgoing(size);
      charge(size);
      return stream.lendNow?.(lent) ?? stream.writeNow?.(Buffer.from(lent)) ?? 0;
    },
    lease: (_grants, id) => leases.open(streams.get(id)),
    shutdown: async (_grants, id) => {
      await streams.get(id).shutdown();
      return undefined;
    },
    shutdownNow: (_grants, id) => streams.get(id).shutdownNow?.() ?? false,
    reset: (_grants, id) => {
      readers.forget(id);
      streams.reset(id);
      return undefined;
    },
    close: (_grants, id) => {
      readers.forget(id);
      streams.close(id);
      return undefined;
    },
  };
}
