/** Values that are no objects, each behind its tag. */
import { V8Tag } from "./v8-format.ts";
import type { V8Writer } from "./v8-writer.ts";

/**
 * Writes a primitive.
 * @returns false, with nothing written, for objects, functions and symbols
 */
export function writePrimitive(out: V8Writer, value: unknown): boolean {
  switch (typeof value) {
    case "undefined":
      out.tag(V8Tag.undefined);
      return true;
    case "boolean":
      out.tag(value ? V8Tag.true : V8Tag.false);
      return true;
    case "number":
      writeNumber(out, value);
      return true;
    case "bigint":
      out.tag(V8Tag.bigint);
      out.bigint(value);
      return true;
    case "string":
      out.string(value);
      return true;
    default:
      if (value !== null) return false;
      out.tag(V8Tag.null);
      return true;
  }
}

/** V8 writes what fits as a 32-bit integer, -0 apart. */
function writeNumber(out: V8Writer, value: number): void {
  if (isInt32(value)) out.int32(value);
  else writeDouble(out, value);
}

/** Writes a number as a double, whole or not. */
export function writeDouble(out: V8Writer, value: number): void {
  out.tag(V8Tag.double);
  out.double(value);
}

/** Whether a number is a 32-bit integer; -0 is none. */
export const isInt32 = (value: number): boolean => (value | 0) === value && !(value === 0 && 1 / value < 0);
