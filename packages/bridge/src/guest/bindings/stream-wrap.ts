import type { InstallBinding } from "../realm.ts";
import { requestClass } from "./request-wrap.ts";
import { streamHandles } from "./stream-handle.ts";

/** `internalBinding('stream_wrap')` (src/stream_wrap.cc). */
export const install: InstallBinding = (binding, realm) => {
  binding["LibuvStreamWrap"] = streamHandles(realm).LibuvStreamWrap;
  binding["ShutdownWrap"] = requestClass(realm, "ShutdownWrap");
  binding["WriteWrap"] = requestClass(realm, "WriteWrap");
};
