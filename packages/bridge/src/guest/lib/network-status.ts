import { SyscallError } from "../client.ts";
import type { Realm } from "../realm.ts";
import { noteRefusal } from "./refusals.ts";
import { errnoOf } from "./uvexception.ts";

/** A budget that no errno stands for: calls under way, syscalls, bytes. */
const BUDGET = "ERR_SANDBOX_BUDGET_EXCEEDED";

/** The negative errno of what the host says no to; why is kept for the error the library makes of it. */
export function refusedStatus(realm: Realm, failure: SyscallError): number {
  const errno = errnoOf(realm, failure.code === BUDGET ? "ENOBUFS" : failure.code);
  noteRefusal(errno, failure.sandboxCode, failure.message);
  return errno;
}

/** 0, or the negative errno of what the host says to a step towards the network. */
export function networkStatus(realm: Realm, step: () => void): number {
  try {
    step();
    return 0;
  } catch (error) {
    if (error instanceof SyscallError) return refusedStatus(realm, error);
    throw error;
  }
}
