import type { ConnectionListener } from "./listener.ts";

/** Limits of one connection; the defaults are nghttp2's with what Node sets. */
export interface ConnectionOptions {
  readonly isServer: boolean;
  readonly listener: ConnectionListener;
  readonly maxDeflateTable: number;
  readonly maxReservedStreams: number;
  /** Longest block of fields sent, bytes. */
  readonly maxSentBlock: number;
  /** Streams this side opens before the other has said how many it takes. */
  readonly peerMaxStreams: number;
  /** Most entries of one SETTINGS frame. */
  readonly maxSettings: number;
  /** RST_STREAM frames a server takes: at once, and more each second. */
  readonly resetBurst: number;
  readonly resetRate: number;
  /** Blanks around a field's value are let through. */
  readonly isLenient: boolean;
}
