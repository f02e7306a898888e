import { numberIsNaN } from "../primordials.ts";
import { indexOutOfRange } from "./binding-error.ts";
import { ToNumber } from "./intrinsics.ts";

/**
 * `ParseArrayIndex` of node_buffer.h: undefined is the default, fractions are cut off, NaN is 0.
 * @throws RangeError ERR_OUT_OF_RANGE below zero
 */
export function arrayIndex(value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  const number = typeof value === "number" ? value : ToNumber(value);
  if (numberIsNaN(number)) return 0;
  const whole = number < 0 ? -(-number - (-number % 1) || 0) : number - (number % 1 || 0);
  if (whole < 0) throw indexOutOfRange();
  return whole;
}
