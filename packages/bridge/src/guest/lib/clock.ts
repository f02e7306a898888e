import type { Realm } from "../realm.ts";

/** A host's monotonic clock starts at its boot; a guest's an hour before the run, so that times look like times. */
const OFFSET_MS = 3_600_000;
const NANOSECONDS = 1e6;

/** The clock under `process.hrtime()` and the milestones of `perf_hooks`, nanoseconds with fraction. */
export const monotonicNanoseconds = (realm: Realm): number => (realm.now() + OFFSET_MS) * NANOSECONDS;
