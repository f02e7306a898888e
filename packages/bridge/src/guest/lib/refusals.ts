import { putHidden } from "./define.ts";

/** The sandbox's last refusal of a step towards the network, until an error has been made of its errno. */
let last: { readonly errno: number; readonly sandboxCode: string } | undefined;

/** A binding is about to tell the library this errno. */
export function noteRefusal(errno: number, sandboxCode: string | undefined): void {
  last = sandboxCode === undefined ? undefined : { errno, sandboxCode };
}

/**
 * Puts the sandbox's reason on the error that the library has just made of an errno: bindings can tell it no more than
 * that number.
 */
export function explainRefusal(error: object, errno: number): void {
  if (last !== undefined && last.errno === errno) putHidden(error, "sandboxCode", last.sandboxCode);
  last = undefined;
}
