import type { Located } from "@vivarium/core/cell";
import type { Directory, Node } from "./node.ts";

/**
 * Where a path leads, found once and used by both the permission rules and the handler. Exactly one holds:
 * the thing is there (`node`), only its last name is missing (`holder` and `name`, failure ENOENT), or the way
 * there ends early (`failure`, and `missing` when it ends at a name that does not exist).
 */
export interface Place extends Located {
  readonly node: Node | undefined;
  readonly directory: boolean;
  /** The directory that holds the last name; nothing at the root of a mount, or when the way ends before it. */
  readonly holder: Directory | undefined;
  readonly name: string;
  /** The last directory on the way and the names that are not there, for making parents. */
  readonly missing:
    | { readonly directory: Directory; readonly path: string; readonly names: readonly string[] }
    | undefined;
  /** The path ends in `/`, so only a directory will do. */
  readonly slash: boolean;
  /** The path ends in `.` or `..`. */
  readonly dots: boolean;
  /** A link at the end of the path was followed. */
  readonly viaLink: boolean;
}
