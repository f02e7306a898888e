import type { Granted } from "@vivarium/core/cell";
import { fail } from "../failure.ts";
import type { Directory, Node } from "../node.ts";
import type { Place } from "../place.ts";

/** The grants a handler gets: one per need of the contract, in its order. */
export type Grants = readonly Granted<Place>[];

/** What was located for the need at this position. */
export function placeOf(grants: Grants, index = 0): Place {
  const grant = grants[index];
  if (grant === undefined) throw new TypeError(`no grant for need ${index}`);
  return grant.located;
}

/** The place of a syscall whose needs all concern one path. */
export function onePlace(grants: Grants): Place {
  const place = placeOf(grants);
  // Each need was located on its own: were they to differ, the path changed hands in between.
  for (const grant of grants) if (grant.located.path !== place.path) fail("EACCES");
  return place;
}

/**
 * What is at the place.
 * @throws SyscallFailure the place's own failure
 */
export const present = (place: Place): Node => place.node ?? fail(place.failure ?? "ENOENT");

/**
 * The directory where a new name can be made.
 * @throws SyscallFailure EEXIST, or why the way there ends early
 */
export function vacant(place: Place): Directory {
  if (place.node !== undefined) fail("EEXIST");
  return writable(place.holder ?? fail(place.failure ?? "ENOENT"));
}

/**
 * The directory that holds the place's name.
 * @throws SyscallFailure EBUSY for the root of a mount, which cannot be moved or removed
 */
export const holderOf = (place: Place): Directory => place.holder ?? fail("EBUSY");

/** @throws SyscallFailure EROFS or EACCES on a read-only mount */
export function writable<N extends Node>(node: N): N {
  const { refusal } = node.volume;
  if (refusal !== undefined) fail(refusal);
  return node;
}
