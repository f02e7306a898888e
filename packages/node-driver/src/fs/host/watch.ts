import { watch } from "node:fs";
import type { Listener } from "../changes.ts";
import { guard } from "../failure.ts";

/** Ends a path to a directory, so that what it says of itself bears a name no entry can have. */
const SELF = ".";

/**
 * Watches what a host path leads to just now. Of a directory only the names of its entries are told.
 * @param path through an anchor; ends in `/.` for a directory
 */
export function watchHost(path: string, isDirectory: boolean, listener: Listener): () => void {
  return guard(() => {
    const watcher = watch(path, { persistent: false }, (event, name) => {
      const cause = event === "rename" ? "renamed" : "changed";
      if (!isDirectory || name === null || name === SELF) listener(cause);
      else listener(cause, name);
    });
    // The host may end a watch by itself; there is nothing more to tell then.
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  });
}
