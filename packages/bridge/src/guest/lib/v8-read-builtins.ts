/** Built-in objects that hold no other values: dates, regular expressions and boxed primitives. */
import { NativeDate, NativeObject, NativeRegExp } from "./intrinsics.ts";
import { REGEXP_FLAGS, V8Tag } from "./v8-format.ts";
import type { V8Reader } from "./v8-reader.ts";
import type { ValueReader } from "./v8-values.ts";

/** Reads a date: milliseconds since 1970, NaN for an invalid one. */
export const readDate = (input: V8Reader): Date => new NativeDate(input.double());

/** Reads what a boxed primitive's tag stands before, and boxes it; undefined for any other tag. */
export function readBoxed(input: V8Reader, tag: number): object | undefined {
  switch (tag) {
    case V8Tag.trueObject:
      return NativeObject(true);
    case V8Tag.falseObject:
      return NativeObject(false);
    case V8Tag.numberObject:
      return NativeObject(input.double());
    case V8Tag.bigintObject:
      return NativeObject(input.bigint());
    case V8Tag.stringObject:
      return NativeObject(input.string());
    default:
      return undefined;
  }
}

/** Reads a regular expression; one that does not compile is no value. */
export function readRegExp(reader: ValueReader): RegExp {
  const source = reader.in.string();
  const bits = reader.in.varint();
  let flags = "";
  let known = 0;
  for (let i = 0; i < REGEXP_FLAGS.length; i++) {
    const flag = REGEXP_FLAGS[i] as (typeof REGEXP_FLAGS)[number];
    known |= flag[1];
    if (bits & flag[1]) flags += flag[0];
  }
  if (bits & ~known) reader.bad();
  try {
    return reader.keep(new NativeRegExp(source, flags));
  } catch {
    return reader.bad();
  }
}
