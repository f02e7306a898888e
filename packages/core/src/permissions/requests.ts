import type { FsOp } from "@vivarium/bridge/contract";

/** What an fs operation needs: `read` looks, `write` changes. Neither implies the other. */
export type FsAccess = "read" | "write";

/** One end of a file operation, with its canonical guest path: every link on the way is already resolved. */
export interface FsRequest {
  readonly domain: "fs";
  readonly op: FsOp;
  readonly access: FsAccess;
  readonly path: string;
  /** The other end of rename, link and copy, canonical too. */
  readonly from?: string;
  readonly to?: string;
  /** The operation reaches everything under `path` (rm -r, rename of a directory). */
  readonly subtree: boolean;
}

export type NetworkOp = "connect" | "listen" | "dns";

/** One connection, listener or look-up. `address` is the address that will be used, not a second look-up's. */
export interface NetworkRequest {
  readonly domain: "network";
  readonly op: NetworkOp;
  /**
   * What the host itself can see of it: `tcp`, `udp`, or `dns` for a look-up. Which language is spoken over a connection,
   * TLS and HTTP among them, is made by the guest: it could say one thing and do another, so it is not told.
   */
  readonly protocol: "tcp" | "udp" | "dns";
  /** As normalised: lower case, no trailing dot, numeric spellings of an address in their plain form. */
  readonly hostname: string;
  readonly port: number;
  /** Resolved and pinned; absent before a name is looked up. */
  readonly address?: string;
}

/** One program about to be started. `args` are without the command itself. */
export interface ChildProcessRequest {
  readonly domain: "childProcess";
  readonly op: "spawn";
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
}

/** One environment variable the program would see. */
export interface EnvRequest {
  readonly domain: "env";
  readonly op: "read";
  readonly key: string;
  readonly value: string;
}

/** One call of a function the embedder offered. */
export interface BindingRequest {
  readonly domain: "bindings";
  readonly op: "call";
  /** Dotted, `tools.search`. */
  readonly name: string;
}

export type PermissionRequest = FsRequest | NetworkRequest | ChildProcessRequest | EnvRequest | BindingRequest;
export type Domain = PermissionRequest["domain"];

/** A permission function's verdict once awaited and normalised. */
export interface Answer {
  readonly allow: boolean;
  readonly reason?: string;
}

/** Asks the embedder's permission function. Synchronous: the cell blocks on its channel. */
export type Ask = (request: PermissionRequest) => Answer;

/** One decision, as the log shows it. */
export interface Decision {
  readonly domain: Domain;
  readonly op: string;
  readonly resource: string;
  readonly allowed: boolean;
  /** The pattern that matched, `function`, or `no rule`. */
  readonly rule: string;
  /** The option and the flag that would allow it; empty when allowed. */
  readonly cure: string;
  /** What the permission function gave as its reason. */
  readonly reason?: string;
}

/** How a domain decided: what allowed it, or what would. */
export type Verdict = Pick<Decision, "allowed" | "rule" | "cure" | "reason">;
