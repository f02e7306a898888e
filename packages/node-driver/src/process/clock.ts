import type { Handlers } from "@vivarium/core/cell";

/** Monotonic time since the cell started. */
export const clockHandlers: Handlers<"clock"> = { now: () => performance.now() };
