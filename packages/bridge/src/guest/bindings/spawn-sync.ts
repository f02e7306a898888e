import type { InstallBinding } from "../realm.ts";
import { networkStatus } from "./cares-wrap.ts";

/** `internalBinding('spawn_sync')`: as process_wrap, in one call. */
export const install: InstallBinding = (binding, realm) => {
  binding["spawn"] = (options: { readonly file: string; readonly args?: readonly string[] }) => ({
    error: networkStatus(realm, () => realm.sys.childProcess.spawn(options.file, options.args ?? [])),
    status: null,
    signal: null,
    output: null,
    pid: 0,
  });
};
