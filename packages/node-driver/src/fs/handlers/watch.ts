import type { Handlers } from "@vivarium/core/cell";
import type { Place } from "../place.ts";
import type { Watchers } from "../watchers.ts";
import { onePlace, present } from "./access.ts";

/** Syscalls that tell of changes. A watcher holds what was granted, as a descriptor does. */
export const watchHandlers = (watchers: Watchers): Pick<Handlers<"fs", Place>, "watch" | "nextChange" | "unwatch"> => ({
  watch: (grants) => watchers.watch(present(onePlace(grants))),
  nextChange: () => watchers.next(),
  unwatch(_grants, watcher) {
    watchers.unwatch(watcher);
    return undefined;
  },
});
