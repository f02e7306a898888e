import type { InstallBinding } from "../realm.ts";
import { asyncObjects } from "./async-object.ts";
import { streamHandles } from "./stream-handle.ts";

/** `internalBinding('stream_wrap')` (src/stream_wrap.cc). */
export const install: InstallBinding = (binding, realm) => {
  binding["LibuvStreamWrap"] = streamHandles(realm).LibuvStreamWrap;
  const { AsyncWrap } = asyncObjects(realm);
  class ShutdownWrap extends AsyncWrap {}
  binding["ShutdownWrap"] = ShutdownWrap;
  class WriteWrap extends AsyncWrap {}
  binding["WriteWrap"] = WriteWrap;
};
