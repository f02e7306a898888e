import type { InstallBinding } from "../realm.ts";

/** `internalBinding('trace_events')`: tracing is off and stays off. */
export const install: InstallBinding = (binding) => {
  binding["available"] = false;
  binding["trace"] = () => {};
  binding["isTraceCategoryEnabled"] = () => false;
  binding["setTraceCategoryStateUpdateHandler"] = () => {};
  binding["getCategoryEnabledBuffer"] = () => new Uint8Array(1);
  binding["getEnabledCategories"] = () => undefined;
  binding["setLog"] = () => {};
  binding["getLog"] = () => undefined;
};
