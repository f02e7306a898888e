/** Built-in objects that hold no other values: dates, regular expressions and boxed primitives. */
import { BigIntProto, BooleanProto, DateProto, getterOf, NumberProto, StringProto } from "../primordials.ts";
import { brands } from "./brands.ts";
import { REGEXP_FLAGS, V8Tag } from "./v8-format.ts";
import type { ValueWriter } from "./v8-values.ts";

const regExpSource = getterOf<string>(RegExp.prototype, "source");
const regExpFlags = getterOf<string>(RegExp.prototype, "flags");

/** Writes a date: milliseconds since 1970, NaN for an invalid one. */
export function writeDate({ out }: ValueWriter, date: Date): void {
  out.tag(V8Tag.date);
  out.double(DateProto.getTime(date));
}

/** Writes a regular expression; its `lastIndex` is lost. */
export function writeRegExp({ out }: ValueWriter, regexp: object): void {
  const flags = regExpFlags(regexp);
  let bits = 0;
  for (let i = 0; i < REGEXP_FLAGS.length; i++) {
    const flag = REGEXP_FLAGS[i] as (typeof REGEXP_FLAGS)[number];
    if (StringProto.includes(flags, flag[0])) bits |= flag[1];
  }
  out.tag(V8Tag.regexp);
  out.string(regExpSource(regexp));
  out.varint(bits);
}

/**
 * Writes an object around a number, string, boolean or bigint.
 * @throws the clone error for one around a symbol
 */
export function writeBoxed(writer: ValueWriter, object: object): void {
  const { out } = writer;
  if (brands.isNumberObject(object)) {
    out.tag(V8Tag.numberObject);
    out.double(NumberProto.valueOf(object as never));
  } else if (brands.isStringObject(object)) {
    out.tag(V8Tag.stringObject);
    out.string(StringProto.valueOf(object as never));
  } else if (brands.isBooleanObject(object)) {
    out.tag(BooleanProto.valueOf(object as never) ? V8Tag.trueObject : V8Tag.falseObject);
  } else if (brands.isBigIntObject(object)) {
    out.tag(V8Tag.bigintObject);
    out.bigint(BigIntProto.valueOf(object as never));
  } else writer.refuse(object);
}
