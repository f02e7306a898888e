import type { Need } from "@vivarium/bridge/contract";

/**
 * Where a guest path leads: the canonical guest path (links resolved inside their mount, `..` clamped at `/`) and the
 * driver's own handle on the place, so that nobody looks the path up a second time.
 */
export interface Located {
  readonly path: string;
  /** Inside the node_modules overlay: module loading is free there, writing impossible. */
  readonly overlay: boolean;
  /** Whether a directory is there: then renaming it moves everything under it. */
  readonly directory?: boolean;
  /** An errno name when the path cannot be followed to its end (ENOENT of a parent, ELOOP, ENOTDIR, EACCES). */
  readonly failure: string | undefined;
}

declare const proof: unique symbol;

/** Proof that a need was decided and allowed. Only `permissions/authority.ts` makes one; handlers ask for it. */
export interface Granted<L extends Located = Located> {
  readonly [proof]: true;
  readonly need: Need;
  /** Present for fs and module needs. */
  readonly located: L;
}
