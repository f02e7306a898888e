import { SyscallFailure } from "@vivarium/core/cell";

/** What the guest may know of a socket's error: its errno name. */
export function socketFailure(error: Error): SyscallFailure {
  const { code } = error as NodeJS.ErrnoException;
  return new SyscallFailure(typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : "EIO");
}
