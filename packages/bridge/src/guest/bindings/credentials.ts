import { environmentVariable } from "../lib/environment.ts";
import { implement } from "../lib/implement.ts";
import { uvException } from "../lib/uvexception.ts";
import { StringProto } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";

/** What the library makes ERR_UNKNOWN_CREDENTIAL of. */
const UNKNOWN = 1;

/** A sandbox knows the one user it runs as, and the superuser. */
const isUnknown = (realm: Realm, name: unknown): boolean =>
  typeof name === "string" && name !== realm.config.os.username && name !== "root";

/** Changing identity: refused as for a process without privileges. Setting what is already there succeeds. */
const setter = (realm: Realm, name: string, current: () => number) => (id: unknown) => {
  if (id === current() || id === realm.config.os.username) return 0;
  if (isUnknown(realm, id)) return UNKNOWN;
  throw uvException(realm, "EPERM", name, undefined, undefined, "ERR_SANDBOX_CREDENTIALS_DENIED");
};

export const install: InstallBinding = (binding, realm) => {
  const uid = () => realm.config.uid;
  const gid = () => realm.config.gid;
  const refuse = (name: string): never => {
    throw uvException(realm, "EPERM", name, undefined, undefined, "ERR_SANDBOX_CREDENTIALS_DENIED");
  };
  implement(binding, {
    safeGetenv: (name: string) => environmentVariable(realm, name),
    getTempDir() {
      // An empty variable counts as none.
      const directory =
        environmentVariable(realm, "TMPDIR") ||
        environmentVariable(realm, "TMP") ||
        environmentVariable(realm, "TEMP") ||
        realm.config.os.tmpdir;
      return directory.length > 1 && StringProto.endsWith(directory, "/")
        ? StringProto.slice(directory, 0, -1)
        : directory;
    },
    getuid: () => uid(),
    geteuid: () => uid(),
    getgid: () => gid(),
    getegid: () => gid(),
    getgroups: () => [gid()],
    setuid: setter(realm, "setuid", uid),
    seteuid: setter(realm, "seteuid", uid),
    setgid: setter(realm, "setgid", gid),
    setegid: setter(realm, "setegid", gid),
    setgroups(groups: readonly unknown[]) {
      for (let i = 0; i < groups.length; i++) if (isUnknown(realm, groups[i])) return i + 1;
      return refuse("setgroups");
    },
    initgroups(user: unknown, group: unknown) {
      if (typeof user === "number" && user !== uid() && user !== 0) return UNKNOWN;
      return isUnknown(realm, group) ? UNKNOWN + 1 : refuse("initgroups");
    },
  });
};
