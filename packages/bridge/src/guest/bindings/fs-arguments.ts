import { bindingError } from "../lib/binding-error.ts";
import { mathTrunc, numberIsInteger } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { refuse } from "./fs-error.ts";

const MAX_FD = 0x7fff_ffff;
const MAX_ACCESS_MODE = 7;

const typeOf = (realm: Realm, value: unknown): string =>
  realm
    .requireBuiltin<{ determineSpecificType: (value: unknown) => string }>("internal/errors")
    .determineSpecificType(value);

const outOfRange = (message: string): never => refuse(bindingError("RangeError", "ERR_OUT_OF_RANGE", message));

/** A file descriptor, checked as `GetValidatedFd` of src/node_file.cc checks it. @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function descriptor(realm: Realm, fd: unknown): number {
  if (typeof fd !== "number") {
    const message = `The "fd" argument must be of type number. Received ${typeOf(realm, fd)}`;
    return refuse(bindingError("TypeError", "ERR_INVALID_ARG_TYPE", message));
  }
  if (!numberIsInteger(fd)) {
    return outOfRange(`The value of "fd" is out of range. It must be an integer. Received ${fd}`);
  }
  if (fd < 0 || fd > MAX_FD) {
    return outOfRange(`The value of "fd" is out of range. It must be >= 0 && <= ${MAX_FD}. Received ${fd}`);
  }
  return fd;
}

/** A mode of access() or copyFile(), checked as `GetValidFileMode` checks it; nothing means 0. */
export function smallMode(mode: unknown): number {
  if (mode === undefined || mode === null) return 0;
  if (typeof mode !== "number") {
    return refuse(bindingError("TypeError", "ERR_INVALID_ARG_TYPE", "mode must be int32 or null/undefined"));
  }
  if (!(mode >= 0 && mode <= MAX_ACCESS_MODE)) {
    return outOfRange(`mode is out of range: >= 0 && <= ${MAX_ACCESS_MODE}`);
  }
  return mathTrunc(mode);
}

/** A position in a file; -1, the handle's own, for whatever is no whole number. */
export function position(value: unknown): number {
  if (typeof value === "bigint") return value >= 0n && value <= 0x1f_ffff_ffff_ffffn ? +`${value}` : -1;
  return typeof value === "number" && numberIsInteger(value) && value >= 0 ? value : -1;
}
