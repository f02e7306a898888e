/** Maps and sets. What is in them is listed before any of it is written: a getter may change them meanwhile. */
import { MapProto, SetProto } from "../primordials.ts";
import { append } from "./define.ts";
import { V8Tag } from "./v8-format.ts";
import type { ValueWriter } from "./v8-values.ts";

/** Writes a map: keys and values in turn. */
export function writeMap(writer: ValueWriter, map: Map<unknown, unknown>): void {
  const flat: unknown[] = [];
  MapProto.forEach(map, (value, key) => {
    append(flat, key);
    append(flat, value);
  });
  writer.out.tag(V8Tag.map);
  writeList(writer, flat, V8Tag.endMap);
}

/** Writes a set. */
export function writeSet(writer: ValueWriter, set: Set<unknown>): void {
  const items: unknown[] = [];
  SetProto.forEach(set, (value) => void append(items, value));
  writer.out.tag(V8Tag.set);
  writeList(writer, items, V8Tag.endSet);
}

/** The items, the tag that ends them and their number. */
function writeList(writer: ValueWriter, items: readonly unknown[], end: number): void {
  for (let i = 0; i < items.length; i++) writer.write(items[i]);
  writer.out.tag(end);
  writer.out.varint(items.length);
}
