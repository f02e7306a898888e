import { MapProto, SetProto } from "../primordials.ts";
import { brands } from "./brands.ts";
import { append } from "./define.ts";

/**
 * Entries of a Map or Set for inspection, keys and values laid end to end, and whether they come in pairs. An iterator
 * cannot be looked into from JavaScript without moving it on: its preview is empty.
 */
export function previewEntries(value: unknown): readonly [entries: unknown[], pairs: boolean] | undefined {
  const entries: unknown[] = [];
  if (brands.isMap(value)) {
    MapProto.forEach(value as Map<unknown, unknown>, (item, key) => {
      append(entries, key);
      append(entries, item);
    });
    return [entries, true];
  }
  if (brands.isSet(value)) {
    SetProto.forEach(value as Set<unknown>, (item) => {
      append(entries, item);
    });
    return [entries, false];
  }
  return brands.isMapIterator(value) || brands.isSetIterator(value) ? [entries, false] : undefined;
}
