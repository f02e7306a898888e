import { MapProto, SetProto } from "../primordials.ts";
import { brands } from "./brands.ts";
import { append } from "./define.ts";
import { iteratorEntries } from "./iterator-preview.ts";

/** Entries, keys and values laid end to end, and whether they come in pairs. */
export type Preview = readonly [entries: unknown[], pairs: boolean];

/** Entries of a Map, a Set or one of their iterators, for inspection. */
export function previewEntries(value: unknown): Preview | undefined {
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
  return brands.isMapIterator(value) || brands.isSetIterator(value) ? iteratorEntries(value as object) : undefined;
}
