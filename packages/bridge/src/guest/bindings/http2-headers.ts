import type { Field } from "../http2/hpack-table.ts";
import { append } from "../lib/define.ts";
import { StringProto, stringFromCharCode } from "../primordials.ts";

/** NGHTTP2_NV_FLAG_NO_INDEX. */
const NO_INDEX = 1;

/** Only the low byte of a character is sent. */
function bytesOnly(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (StringProto.charCodeAt(text, i) <= 0xff) continue;
    let out = StringProto.slice(text, 0, i);
    for (let j = i; j < text.length; j++) out += stringFromCharCode(StringProto.charCodeAt(text, j) & 0xff);
    return out;
  }
  return text;
}

/**
 * The fields of `[text, count]`: each a name and a value, ended by a zero, and a character of flags
 * (`buildNgHeaderString` of lib/internal/http2/util.js). A zero within one makes more fields than were counted: then
 * there is one that nobody takes.
 */
export function readHeaderList(list: unknown): Field[] {
  const { 0: text, 1: count } = list as readonly [string, number];
  const fields: Field[] = [];
  for (let at = 0; at < text.length; ) {
    const nameEnd = StringProto.indexOf(text, "\0", at);
    const valueEnd = StringProto.indexOf(text, "\0", nameEnd + 1);
    if (fields.length >= count || valueEnd <= nameEnd) return [{ name: "\0", value: "\0", sensitive: false }];
    append(fields, {
      name: StringProto.toLowerCase(bytesOnly(StringProto.slice(text, at, nameEnd))),
      value: bytesOnly(StringProto.slice(text, nameEnd + 1, valueEnd)),
      sensitive: (StringProto.charCodeAt(text, valueEnd + 1) & NO_INDEX) !== 0,
    });
    at = valueEnd + 2;
  }
  return fields;
}
