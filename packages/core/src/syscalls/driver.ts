import type { Contract, FsNeed, Group, ModuleNeed, SyscallArgs, SyscallResult } from "@vivarium/bridge/contract";
import type { Granted, Located } from "../permissions/granted.ts";

type Answer<G extends Group, K extends keyof Contract[G]> = Contract[G][K] extends { readonly mode: "async" }
  ? Promise<SyscallResult<G, K>>
  : SyscallResult<G, K>;

/** The handlers of one contract group. A missing one is a compile error. Failures are thrown as `SyscallFailure`. */
export type Handlers<G extends Group, L extends Located = Located> = {
  readonly [K in keyof Contract[G]]: (grants: readonly Granted<L>[], ...args: SyscallArgs<G, K>) => Answer<G, K>;
};

/** The groups a driver serves; the cell itself serves the rest (engine, stdio, process, bindings, result). */
export type DriverGroup = "fs" | "modules" | "clock" | "url" | "text" | "crypto" | "zlib";

/** What a driver brings into the cell. It lives as long as the cell; `reset` runs before every run. */
export interface CellDriver<L extends Located = Located> extends Disposable {
  /** Follows a guest path as far as it goes. Never throws for what the path is: that is `failure`. */
  locate(need: FsNeed | ModuleNeed): L;
  readonly handlers: { readonly [G in DriverGroup]: Handlers<G, L> };
  /** The same files with descriptors of their own, for a child process; disposing it closes those. */
  share(): CellDriver<L>;
  /** Closes what the last run left open (descriptors, digests, decoders). */
  reset(): void;
}
