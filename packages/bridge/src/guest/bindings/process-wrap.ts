import { errnoOf } from "../lib/uvexception.ts";
import type { InstallBinding } from "../realm.ts";
import { networkStatus } from "./cares-wrap.ts";

/** `internalBinding('process_wrap')`: commands are decided by permission; nobody runs them yet. */
export const install: InstallBinding = (binding, realm) => {
  binding["Process"] = class Process {
    spawn(options: { readonly file: string; readonly args?: readonly string[] }): number {
      return networkStatus(
        realm,
        () => void realm.sys.childProcess.spawn(options.file, options.args ?? [], [], realm.cwd, [], false),
      );
    }
    kill(): number {
      return errnoOf(realm, "ESRCH");
    }
    close(callback?: () => void): void {
      if (callback) realm.loop.complete(callback);
    }
    ref(): void {}
    unref(): void {}
    hasRef(): boolean {
      return false;
    }
  };
};
