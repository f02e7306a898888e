import { implement } from "../lib/implement.ts";
import { Doubles } from "../lib/intrinsics.ts";
import { mathRound } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

/** Indexes of `milestones` (src/node_perf_common.h): the first is microseconds since 1970, the rest nanoseconds. */
const Milestone = {
  timeOriginTimestamp: 0,
  timeOrigin: 1,
  environment: 2,
  nodeStart: 3,
  v8Start: 4,
  loopStart: 5,
  loopExit: 6,
  bootstrapComplete: 7,
} as const;
const NOT_REACHED = -1;
const NANOSECONDS = 1e6;

type Observe = (name: string, type: string, start: number, duration: number, details: unknown) => void;

export const install: InstallBinding = (binding, realm) => {
  const milestones = (binding.milestones ?? new Doubles(8)) as Float64Array;
  binding.milestones = milestones;
  let observe: Observe | undefined;
  realm.onAttach(() => {
    const origin = realm.sys.clock.now() * NANOSECONDS;
    for (let i = Milestone.timeOrigin; i < milestones.length; i++) milestones[i] = origin;
    milestones[Milestone.timeOriginTimestamp] = mathRound(realm.config.startTime * 1000);
    milestones[Milestone.loopStart] = NOT_REACHED;
    milestones[Milestone.loopExit] = NOT_REACHED;
  });
  implement(binding, {
    now: () => realm.sys.clock.now() - (milestones[Milestone.timeOrigin] as number) / NANOSECONDS,
    setupObservers(callback: Observe) {
      observe = callback;
    },
    notify(name: string, type: string, start: number, duration: number, details: unknown) {
      observe?.(name, type, start, duration, details);
    },
    markBootstrapComplete() {
      milestones[Milestone.bootstrapComplete] = realm.sys.clock.now() * NANOSECONDS;
    },
    // The engine does not report collections, idle time or loop iterations: observers see none of them.
    installGarbageCollectionTracking: () => undefined,
    removeGarbageCollectionTracking: () => undefined,
    loopIdleTime: () => 0,
    uvMetricsInfo: () => [0, 0, 0],
  });
};
