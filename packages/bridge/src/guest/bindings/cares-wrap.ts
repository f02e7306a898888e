import { SyscallError } from "../client.ts";
import { errnoOf } from "../lib/uvexception.ts";
import type { InstallBinding, Realm } from "../realm.ts";

/** 0, or the negative errno of what the host says to a step towards the network. */
export function networkStatus(realm: Realm, step: () => void): number {
  try {
    step();
    return 0;
  } catch (error) {
    if (error instanceof SyscallError) return errnoOf(realm, error.code);
    throw error;
  }
}

/** `internalBinding('cares_wrap')`: names are decided by permission; nobody resolves them yet. */
export const install: InstallBinding = (binding, realm) => {
  binding["getaddrinfo"] = (_request: unknown, hostname: string) =>
    networkStatus(realm, () => realm.sys.network.lookup(hostname));
  binding["getnameinfo"] = (_request: unknown, address: string) =>
    networkStatus(realm, () => realm.sys.network.lookup(address));
};
