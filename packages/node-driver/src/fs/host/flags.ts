import { constants } from "node:fs";
import * as linux from "../linux.ts";

const TABLE: readonly (readonly [guest: number, host: number])[] = [
  [linux.O_CREAT, constants.O_CREAT],
  [linux.O_EXCL, constants.O_EXCL],
  [linux.O_TRUNC, constants.O_TRUNC],
  [linux.O_APPEND, constants.O_APPEND],
  [linux.O_DIRECTORY, constants.O_DIRECTORY],
  [linux.O_DSYNC, constants.O_DSYNC],
  [linux.O_SYNC, constants.O_SYNC],
];

/** O_NONBLOCK so that a pipe put in a file's place cannot hang the cell. */
const ALWAYS = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** The host's flags for the guest's (Linux) open flags. Unknown bits are dropped; a link is never followed. */
export function hostFlags(guest: number): number {
  let flags = guest & linux.O_ACCMODE;
  for (const [bit, host] of TABLE) if ((guest & bit) === bit) flags |= host ?? 0;
  return flags | ALWAYS;
}
