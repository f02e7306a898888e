/** Maps and sets: what is in them up to an end tag, then its number. */
import { MapProto, SetProto } from "../primordials.ts";
import { NativeMap, NativeSet } from "./intrinsics.ts";
import { V8Tag } from "./v8-format.ts";
import type { ValueReader } from "./v8-values.ts";

/** Reads a map; each entry counts as two. */
export function readMap(reader: ValueReader): Map<unknown, unknown> {
  const input = reader.in;
  const map = reader.keep(new NativeMap<unknown, unknown>());
  let count = 0;
  for (; input.peek() !== V8Tag.endMap; count += 2) {
    const key = reader.read();
    MapProto.set(map, key, reader.read());
  }
  input.tag();
  if (input.varint() !== count) reader.bad();
  return map;
}

/** Reads a set. */
export function readSet(reader: ValueReader): Set<unknown> {
  const input = reader.in;
  const set = reader.keep(new NativeSet<unknown>());
  let count = 0;
  for (; input.peek() !== V8Tag.endSet; count++) SetProto.add(set, reader.read());
  input.tag();
  if (input.varint() !== count) reader.bad();
  return set;
}
