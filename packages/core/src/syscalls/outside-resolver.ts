import type { Granted } from "../permissions/granted.ts";

/** One record as a resolver tells it: its type's number, seconds to live (0: not told), and its fields in wire order. */
export interface HostRecord {
  readonly type: number;
  readonly ttl: number;
  readonly fields: readonly (string | number | Uint8Array)[];
}

export interface HostRecords {
  readonly records: Promise<readonly HostRecord[]>;
  cancel(): void;
}

/** The host's own resolver, with the servers the host has. */
export interface OutsideResolver {
  /** The records of a type that the name that was granted has. Fails with c-ares' codes (ENOTFOUND, ETIMEOUT, ...). */
  resolve(granted: Granted, type: number, timeoutMs: number): HostRecords;
}
