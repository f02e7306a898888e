import type { Handlers } from "@vivarium/core/cell";
import type { Handles } from "../handles.ts";
import type { Mounts } from "../mounts.ts";
import type { Place } from "../place.ts";
import type { Watchers } from "../watchers.ts";
import { contentHandlers } from "./contents.ts";
import { copyFile } from "./copy.ts";
import { metadataHandlers } from "./metadata.ts";
import { treeHandlers } from "./tree.ts";
import { watchHandlers } from "./watch.ts";

/** The handlers of the `fs` syscalls. */
export const fsHandlers = (mounts: Mounts, handles: Handles, watchers: Watchers): Handlers<"fs", Place> => ({
  ...contentHandlers(handles),
  ...metadataHandlers(mounts),
  ...treeHandlers(mounts),
  ...watchHandlers(watchers),
  copyFile,
});
