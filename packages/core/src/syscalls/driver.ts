import type { Contract, FsNeed, Group, ModuleNeed, SyscallArgs, SyscallResult } from "@vivarium/bridge/contract";
import type { CellStream } from "../cell/cell-stream.ts";
import type { Granted, Located } from "../permissions/granted.ts";
import type { OutsideDatagrams } from "./outside-datagrams.ts";
import type { OutsideResolver } from "./outside-resolver.ts";

type Answer<G extends Group, K extends keyof Contract[G]> = Contract[G][K] extends { readonly mode: "async" }
  ? Promise<SyscallResult<G, K>>
  : SyscallResult<G, K>;

/** The handlers of one contract group. A missing one is a compile error. Failures are thrown as `SyscallFailure`. */
export type Handlers<G extends Group, L extends Located = Located> = {
  readonly [K in keyof Contract[G]]: (grants: readonly Granted<L>[], ...args: SyscallArgs<G, K>) => Answer<G, K>;
};

/** The groups a driver serves; the cell itself serves the rest (engine, stdio, process, bindings, result). */
export type DriverGroup =
  | "fs"
  | "modules"
  | "clock"
  | "url"
  | "text"
  | "crypto"
  | "keys"
  | "signature"
  | "exchange"
  | "zlib"
  | "tls"
  | "x509";

/** An end of a connection that leaves the sandbox. */
export interface OutsideEndpoint {
  readonly address: string;
  readonly port: number;
}

/** A connection to a host outside. Whoever gets it closes its stream. */
export interface OutsideConnection {
  readonly stream: CellStream;
  readonly local: OutsideEndpoint;
  readonly remote: OutsideEndpoint;
}

/** The network outside the sandbox. Every step takes the grant of its need; failures are `SyscallFailure`s. */
export interface Outside {
  /** The addresses of the name that was granted. @param family 4, 6, or 0 for both */
  lookup(granted: Granted, family: number): Promise<readonly string[]>;
  /** The name of the address that was granted, and of a port's service. */
  reverse(granted: Granted, port: number): Promise<readonly [hostname: string, service: string]>;
  /**
   * Listens at the very address and port that was granted, from now on; `connected` gets each connection.
   * @throws SyscallFailure EADDRINUSE, EACCES, ...
   */
  listen(granted: Granted, connected: (connection: OutsideConnection) => void): Disposable;
  /**
   * Connects to the very address that was granted, and gives it up, failing, when the signal is aborted.
   * @param from the own end; "" and 0 for any
   */
  connect(granted: Granted, from: OutsideEndpoint, signal: AbortSignal): Promise<OutsideConnection>;
  readonly datagrams: OutsideDatagrams;
  readonly resolver: OutsideResolver;
}

/** What a driver brings into the cell. It lives as long as the cell; `reset` runs before every run. */
export interface CellDriver<L extends Located = Located> extends Disposable {
  /** Follows a guest path as far as it goes. Never throws for what the path is: that is `failure`. */
  locate(need: FsNeed | ModuleNeed): L;
  readonly handlers: { readonly [G in DriverGroup]: Handlers<G, L> };
  readonly outside: Outside;
  /** The same files with descriptors of their own, for a child process; disposing it closes those. */
  share(): CellDriver<L>;
  /** Closes what the last run left open (descriptors, digests, decoders). */
  reset(): void;
}
