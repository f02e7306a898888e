import type { InstallBinding } from "../realm.ts";
import { networkStatus } from "./cares-wrap.ts";

/** `internalBinding('spawn_sync')`: as process_wrap, in one call. */
export const install: InstallBinding = (binding, realm) => {
  binding["spawn"] = (options: { readonly file: string; readonly args?: readonly string[] }) => ({
    error: networkStatus(
      realm,
      () => void realm.sys.childProcess.spawnSync(options.file, options.args ?? [], [], realm.cwd, [], []),
    ),
    status: null,
    signal: null,
    output: null,
    pid: 0,
  });
};
