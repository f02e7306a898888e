import { putOwn } from "./define.ts";
import { NativeError, NativeRangeError, NativeTypeError } from "./intrinsics.ts";

const constructors = { Error: NativeError, TypeError: NativeTypeError, RangeError: NativeRangeError } as const;

/**
 * An error as Node's C++ throws it (node_errors.h): the code is an own enumerable property and stays out of the
 * stack's first line.
 */
export function bindingError(kind: keyof typeof constructors, code: string, message: string): Error {
  const error = new constructors[kind](message);
  putOwn(error, "code", code);
  return error;
}

export const notABuffer = (name = "argument"): Error =>
  bindingError("TypeError", "ERR_INVALID_ARG_TYPE", `${name} must be a buffer`);

export const notAString = (name = "argument"): Error =>
  bindingError("TypeError", "ERR_INVALID_ARG_TYPE", `${name} must be a string`);

export const indexOutOfRange = (): Error => bindingError("RangeError", "ERR_OUT_OF_RANGE", "Index out of range");

/** Longest string V8 makes on 64-bit systems, characters (`buffer.constants.MAX_STRING_LENGTH`). */
export const MAX_STRING_LENGTH = 0x1fffffe8;

export const stringTooLong = (): Error =>
  bindingError("Error", "ERR_STRING_TOO_LONG", "Cannot create a string longer than 0x1fffffe8 characters");
