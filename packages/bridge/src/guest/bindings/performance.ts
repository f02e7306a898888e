import { monotonicNanoseconds } from "../lib/clock.ts";
import { type Collection, collectionsOf } from "../lib/collections.ts";
import { histogramClasses } from "../lib/histogram-handle.ts";
import { implement } from "../lib/implement.ts";
import { Doubles } from "../lib/intrinsics.ts";
import { mathMax, mathRound } from "../primordials.ts";
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
const { now: DateNow } = Date;
const NANOSECONDS = 1e6;

type Observe = (name: string, type: string, start: number, duration: number, details: unknown) => void;

export const install: InstallBinding = (binding, realm) => {
  const milestones = (binding.milestones ?? new Doubles(8)) as Float64Array;
  binding.milestones = milestones;
  let observe: Observe | undefined;
  const { metrics } = realm.loop;
  const now = (): number => monotonicNanoseconds(realm);
  /** Milestones are told apart even where two of them fall into one tick of the clock. */
  const mark = (milestone: number, after: number): void => {
    milestones[milestone] = mathMax(now(), (milestones[after] as number) + 1);
  };
  realm.onAttach(() => {
    milestones[Milestone.timeOriginTimestamp] = mathRound(realm.config.startTime * 1000);
    // A thread's times count from its process's start.
    const sinceStart = realm.config.thread ? DateNow() - realm.config.startTime : 0;
    milestones[Milestone.timeOrigin] = now() - sinceStart * NANOSECONDS;
    milestones[Milestone.nodeStart] = milestones[Milestone.timeOrigin] as number;
    mark(Milestone.v8Start, Milestone.nodeStart);
    mark(Milestone.environment, Milestone.v8Start);
    milestones[Milestone.loopStart] = NOT_REACHED;
    milestones[Milestone.loopExit] = NOT_REACHED;
  });
  metrics.onBegin = () => {
    if (milestones[Milestone.loopStart] === NOT_REACHED) mark(Milestone.loopStart, Milestone.bootstrapComplete);
  };
  metrics.onEnd = () => mark(Milestone.loopExit, Milestone.loopStart);
  const collections = collectionsOf(realm);
  const tell = ({ type, flags, sinceStart, sinceEnd }: Collection): void => {
    const start = (now() - sinceStart - (milestones[Milestone.timeOrigin] as number)) / NANOSECONDS;
    observe?.("gc", "gc", start, (sinceStart - sinceEnd) / NANOSECONDS, { kind: type, flags });
  };
  const { Histogram, createELDHistogram } = histogramClasses(realm);
  binding.Histogram = Histogram;
  implement(binding, {
    now: () => (now() - (milestones[Milestone.timeOrigin] as number)) / NANOSECONDS,
    createELDHistogram,
    setupObservers(callback: Observe) {
      observe = callback;
    },
    notify(name: string, type: string, start: number, duration: number, details: unknown) {
      observe?.(name, type, start, duration, details);
    },
    markBootstrapComplete() {
      mark(Milestone.bootstrapComplete, Milestone.environment);
    },
    // Without the native helper collections are not reported: observers see none of them.
    installGarbageCollectionTracking: () => collections.watch(tell),
    removeGarbageCollectionTracking: () => collections.unwatch(),
    loopIdleTime: () => metrics.idle(),
    // What waits for the poll phase is not known before it is reached.
    uvMetricsInfo: () => [metrics.iterations, metrics.events, 0],
  });
};
