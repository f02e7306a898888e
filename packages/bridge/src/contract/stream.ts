import { bool, bytes, int, none } from "./codec.ts";
import { async, sync } from "./declare.ts";

/** Byte streams the run holds, by number: ends of pipes to child processes, inherited descriptors, connections. */
export const stream = {
  /** An inherited descriptor -> its stream. EBADF where none was inherited. */
  inherited: sync([int], int),
  /** stream -> the next bytes as they come, none at the end. One read at a time. */
  read: async([int], bytes, { waits: true }),
  /** stream, data. Answers when there is room for more. EPIPE where nobody reads any more. */
  write: async([int, bytes], none),
  /** stream, data -> how many bytes of it went without waiting. Fails as `write` does. */
  writeNow: sync([int, bytes], int),
  /** stream: nothing more will be written; what was written arrives first. */
  shutdown: async([int], none),
  /** The same where it needs no waiting. -> whether it is done */
  shutdownNow: sync([int], bool),
  /** Gives a connection up so that the other end fails with ECONNRESET; in place of `close`. ENOTSUP */
  reset: sync([int], none),
  /** Gives the stream up. A read or write under way fails with ECANCELED. */
  close: sync([int], none),
} as const;
