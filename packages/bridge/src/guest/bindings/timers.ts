import type { InstallBinding } from "../realm.ts";

/** `internalBinding('timers')` (src/timers.cc): one host timer for all of the guest's. */
export const install: InstallBinding = (binding, realm) => {
  const { hooks } = realm.loop;
  hooks.immediateInfo = binding["immediateInfo"] as Uint32Array;
  hooks.timeoutInfo = binding["timeoutInfo"] as Int32Array;
  binding["setupTimers"] = (processImmediate: () => void, processTimers: (now: number) => number) => {
    hooks.processImmediate = processImmediate;
    hooks.processTimers = processTimers;
  };
  binding["getLibuvNow"] = () => realm.loop.now();
  binding["scheduleTimer"] = (delay: number) => realm.loop.scheduleTimer(delay);
  // Each callback an entry of its own: of an entry's unhandled rejections only one is told.
  binding["mustYield"] = () => realm.native === undefined;
  // Whether timers and immediates keep the program alive is read from the info arrays.
  binding["toggleTimerRef"] = () => {};
  binding["toggleImmediateRef"] = () => {};
};
