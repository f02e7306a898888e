import { bool, bytes, int, none } from "./codec.ts";
import { async, sync } from "./declare.ts";

/** Byte streams the run holds, by number: ends of pipes to child processes, inherited descriptors, connections. */
export const stream = {
  /** An inherited descriptor -> its stream. EBADF where none was inherited. */
  inherited: sync([int], int),
  /**
   * stream, token: what it reads goes to the token's listener from now on, none at the end; after the end or a failure
   * nothing comes. EBUSY where a `read` is under way.
   */
  start: sync([int, int], none),
  /** stream: no more is read. What is under way still arrives. */
  stop: sync([int], none),
  /** stream -> the next bytes as they come, none at the end. One read at a time, and not beside `start`. */
  read: async([int], bytes, { waits: true }),
  /** stream, data. Answers when there is room for more. EPIPE where nobody reads any more. */
  write: async([int, bytes], none),
  /** stream, data -> how many bytes of it went without waiting. Fails as `write` does. */
  writeNow: sync([int, bytes], int),
  /** stream, size: the same for bytes that are in the mailbox. */
  sendNow: sync([int, int], int),
  /**
   * stream -> the number of a lease: the helper writes to it without a syscall until it says no. 0 where the stream cannot
   * be leased, or not now.
   */
  lease: sync([int], int),
  /** stream: nothing more will be written; what was written arrives first. */
  shutdown: async([int], none),
  /** The same where it needs no waiting. -> whether it is done */
  shutdownNow: sync([int], bool),
  /** Gives a connection up so that the other end fails with ECONNRESET; in place of `close`. ENOTSUP */
  reset: sync([int], none),
  /** Gives the stream up. A read or write under way fails with ECANCELED. */
  close: sync([int], none),
} as const;
