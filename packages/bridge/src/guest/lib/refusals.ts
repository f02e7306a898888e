import { putHidden, putOwn } from "./define.ts";
import { NativeError } from "./intrinsics.ts";

interface Refusal {
  readonly errno: number;
  readonly sandboxCode: string;
  readonly detail: string | undefined;
}

/** The sandbox's last refusal of a step towards the network, until an error has been made of its errno. */
let last: Refusal | undefined;

/** A binding is about to tell the library this errno. @param detail what was asked too much, and the cure */
export function noteRefusal(errno: number, sandboxCode: string | undefined, detail?: string): void {
  last = sandboxCode === undefined ? undefined : { errno, sandboxCode, detail };
}

/**
 * Puts the sandbox's reason on the error that the library has just made of an errno: bindings can tell it no more than
 * that number. What the reason says beside its code is the error's cause, so that it is printed with it.
 */
export function explainRefusal(error: object, errno: number): void {
  const refusal = last;
  last = undefined;
  if (refusal === undefined || refusal.errno !== errno) return;
  putHidden(error, "sandboxCode", refusal.sandboxCode);
  if (refusal.detail === undefined) return;
  const cause = new NativeError(refusal.detail);
  putOwn(cause, "code", refusal.sandboxCode);
  putHidden(error, "cause", cause);
}
