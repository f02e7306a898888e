import type { Granted } from "../permissions/granted.ts";
import type { OutsideEndpoint } from "./driver.ts";

/** A datagram from outside. */
export interface Received {
  readonly data: Uint8Array;
  readonly from: OutsideEndpoint;
}

/** A UDP socket of the host's. Whoever opened it closes it. */
export interface OutsideSocket {
  readonly local: OutsideEndpoint;
  /** Sends to the very address that was granted. */
  send(granted: Granted, data: Uint8Array): Promise<void>;
  close(): void;
}

/** UDP outside the sandbox. Failures are `SyscallFailure`s. */
export interface OutsideDatagrams {
  /** A socket of a family on any port. It hears everybody: who is listened to is the cell's to decide. */
  open(family: 4 | 6, got: (received: Received) => void): OutsideSocket;
  /** A socket on the address and port of the grant (of a `listen` need). EADDRINUSE, EADDRNOTAVAIL. */
  listen(
    granted: Granted,
    options: { ipv6Only: boolean; shared: boolean },
    got: (received: Received) => void,
  ): OutsideSocket;
  /** A socket on any port that hears nobody but the address and port of the grant. `failed`: ECONNREFUSED and the like */
  dial(granted: Granted, got: (received: Received) => void, failed: (error: Error) => void): OutsideSocket;
}
