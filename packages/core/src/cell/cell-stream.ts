import type { SyscallFailure } from "../errors/failure.ts";

/** Who gets what a stream reads. */
export interface StreamSink {
  /**
   * The next bytes; none at the end, after which nothing comes.
   * @param isGiven the memory is the sink's from now on; otherwise the bytes are to be copied before this returns
   */
  data(bytes: Uint8Array, isGiven?: boolean): void;
  /** It broke off: nothing more comes. */
  fail(failure: SyscallFailure): void;
}

/** Who writes to a stream's descriptor itself, past the stream. */
export interface Lessee {
  /** Ends that, at once. */
  end(): void;
  /** Whether anything was written since this was last asked. */
  hasWritten(): boolean;
}

/** Begins to write to a descriptor, where that is possible; `ended` hears how many of the bytes were left. */
export type OpenLease = (descriptor: number, ended: (left: number) => void) => Lessee | undefined;

/** The host's end of one byte stream of the guest's. */
export interface CellStream {
  /** The next bytes as they come; none at the end. Fails with a `SyscallFailure`. */
  read(): Promise<Uint8Array>;
  /**
   * Reads on its own from now on, without a promise for each piece; not from within this call. A stream that leaves it
   * out is read piece by piece.
   */
  listen?(sink: StreamSink): void;
  /** Ends what `listen` began: the sink hears nothing more. */
  unlisten?(): void;
  /** Settles when there is room for more. */
  write(data: Uint8Array): Promise<void>;
  /** Writes what goes without waiting. -> bytes; a stream that leaves it out always waits. */
  writeNow?(data: Uint8Array): number;
  /** The same with bytes that change as soon as this returns; a stream that leaves it out is given a copy. */
  lendNow?(data: Uint8Array): number;
  /**
   * Lends its descriptor for so many bytes, and ends that before it closes the descriptor or is to write bytes itself. Does
   * nothing where it has none to lend, or bytes wait that are to go first.
   */
  lease?(bytes: number, open: OpenLease): void;
  /** Nothing more will be written. */
  shutdown(): Promise<void>;
  /** The same where it needs no waiting. -> whether it is done; a stream that leaves it out always waits. */
  shutdownNow?(): boolean;
  /** Gives it up: what is under way fails with ECANCELED. Called once. */
  close(): void;
  /** Gives it up so that the other end fails with ECONNRESET; left out where there is no such thing. Instead of `close`. */
  reset?(): void;
}
