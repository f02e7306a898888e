import { implement } from "../lib/implement.ts";
import { objectCreate } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

/** A setting of `process.report`: its accessors in the binding, and what it is at first. */
const SETTINGS = [
  ["getCompact", "setCompact", false],
  ["getExcludeNetwork", "setExcludeNetwork", false],
  ["getExcludeEnv", "setExcludeEnv", false],
  ["getDirectory", "setDirectory", ""],
  ["getFilename", "setFilename", ""],
  ["getSignal", "setSignal", "SIGUSR2"],
  ["shouldReportOnFatalError", "setReportOnFatalError", false],
  ["shouldReportOnSignal", "setReportOnSignal", false],
  ["shouldReportOnUncaughtException", "setReportOnUncaughtException", false],
] as const;

/**
 * `internalBinding('report')`: the settings are kept; no report is ever written, because it would describe the process
 * around the sandbox. Asking for one throws (the manifest's own stubs).
 */
export const install: InstallBinding = (binding) => {
  const accessors = objectCreate(null) as Record<string, (value?: unknown) => unknown>;
  for (let i = 0; i < SETTINGS.length; i++) {
    const [read, write, initial] = SETTINGS[i] as (typeof SETTINGS)[number];
    let setting: unknown = initial;
    accessors[read] = () => setting;
    accessors[write] = (value) => {
      setting = value;
    };
  }
  implement(binding, accessors);
};
