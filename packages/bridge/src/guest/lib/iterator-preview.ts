import {
  ArrayProto,
  objectDefineProperty,
  reflectApply,
  reflectGetPrototypeOf,
  reflectIsExtensible,
  SafeWeakMap,
} from "../primordials.ts";
import { append, dataDescriptor } from "./define.ts";
import type { Preview } from "./preview.ts";
import { looksNative } from "./proxies.ts";
import { runtimeFunctions } from "./runtime-functions.ts";

type Next = (this: unknown) => { readonly value: unknown; readonly done?: boolean };

/** One iterator of each kind, in whose hidden class those of the kind are seen. */
const kinds = [
  { sample: new Map().entries(), pairs: true },
  { sample: new Map().keys(), pairs: false },
  { sample: new Map().values(), pairs: false },
  { sample: new Set().entries(), pairs: true },
  { sample: new Set().values(), pairs: false },
] as const;

const nextOf = (sample: object): Next => (reflectGetPrototypeOf(sample) as { next: Next }).next;
const nexts: readonly Next[] = [
  nextOf(kinds[0].sample),
  nextOf(kinds[1].sample),
  nextOf(kinds[2].sample),
  nextOf(kinds[3].sample),
  nextOf(kinds[4].sample),
];

/** What iterators that were looked into have still to give. */
const ahead = new SafeWeakMap<object, { readonly values: unknown[]; readonly pairs: boolean }>();

/**
 * What a Map's or Set's iterator has still to give. Without the native helper that cannot be seen, only taken: it is
 * taken, and the iterator gets a `next` of its own that gives it. Entries that come into the collection later are lost to
 * it. Nothing is told of an iterator that takes no properties, or that has some.
 */
export function iteratorEntries(iterator: object): Preview {
  const known = ahead.get(iterator);
  if (known) return flat(known.values, known.pairs);
  if (!reflectIsExtensible(iterator)) return [[], false];
  for (let i = 0; i < kinds.length; i++) {
    const { sample, pairs } = kinds[i] as (typeof kinds)[number];
    if (runtimeFunctions.haveSameMap?.(iterator, sample) !== true) continue;
    const values = takeAll(iterator, nexts[i] as Next);
    ahead.set(iterator, { values, pairs });
    giveBack(iterator, nexts[i] as Next, values);
    return flat(values, pairs);
  }
  return [[], false];
}

function takeAll(iterator: object, next: Next): unknown[] {
  const values: unknown[] = [];
  for (;;) {
    const { value, done } = reflectApply(next, iterator, []) as ReturnType<Next>;
    if (done === true) return values;
    append(values, value);
  }
}

function giveBack(iterator: object, native: Next, values: unknown[]): void {
  const { next } = {
    next(this: unknown) {
      if (this !== iterator || values.length === 0) return reflectApply(native, this, []) as ReturnType<Next>;
      return { value: ArrayProto.shift(values), done: false };
    },
  };
  objectDefineProperty(iterator, "next", dataDescriptor(looksNative(next, "next"), false));
}

function flat(values: readonly unknown[], pairs: boolean): Preview {
  const entries: unknown[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (pairs) {
      append(entries, (value as unknown[])[0]);
      append(entries, (value as unknown[])[1]);
    } else append(entries, value);
  }
  return [entries, pairs];
}
