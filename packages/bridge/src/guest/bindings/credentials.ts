import { environmentVariable } from "../lib/environment.ts";
import { implement } from "../lib/implement.ts";
import { uvException } from "../lib/uvexception.ts";
import type { InstallBinding, Realm } from "../realm.ts";

/** Changing identity: refused as for a process without privileges. Setting what is already there succeeds. */
const setter = (realm: Realm, name: string, current: () => number) => (id: unknown) => {
  if (id === current()) return 0;
  throw uvException(realm, "EPERM", name, undefined, undefined, "ERR_SANDBOX_CREDENTIALS_DENIED");
};

export const install: InstallBinding = (binding, realm) => {
  const uid = () => realm.config.uid;
  const gid = () => realm.config.gid;
  const refuse = (name: string) => () => {
    throw uvException(realm, "EPERM", name, undefined, undefined, "ERR_SANDBOX_CREDENTIALS_DENIED");
  };
  implement(binding, {
    safeGetenv: (name: string) => environmentVariable(realm, name),
    getTempDir: () =>
      // An empty variable counts as none.
      environmentVariable(realm, "TMPDIR") ||
      environmentVariable(realm, "TMP") ||
      environmentVariable(realm, "TEMP") ||
      realm.config.os.tmpdir,
    getuid: () => uid(),
    geteuid: () => uid(),
    getgid: () => gid(),
    getegid: () => gid(),
    getgroups: () => [gid()],
    setuid: setter(realm, "setuid", uid),
    seteuid: setter(realm, "seteuid", uid),
    setgid: setter(realm, "setgid", gid),
    setegid: setter(realm, "setegid", gid),
    setgroups: refuse("setgroups"),
    initgroups: refuse("initgroups"),
  });
};
