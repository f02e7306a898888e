/** Objects and arrays, written property by property; getters run and may change what is still to come. */
import {
  NumberProto,
  numberIsInteger,
  objectHasOwn,
  objectKeys,
  reflectGetOwnPropertyDescriptor,
  StringProto,
} from "../primordials.ts";
import { ToNumber } from "./intrinsics.ts";
import { V8Tag } from "./v8-format.ts";
import type { ValueWriter } from "./v8-values.ts";
import { isInt32, writeDouble } from "./v8-write-primitives.ts";

const MAX_INT32 = 0x7fffffff;
const MAX_INDEX = 4294967294;
const GONE = {};

/** Writes the own enumerable string keys of an object and their values. */
export function writeObject(writer: ValueWriter, object: object): void {
  const { out } = writer;
  const keys = objectKeys(object);
  out.tag(V8Tag.object);
  const written = writeProperties(writer, object, keys, 0);
  out.tag(V8Tag.endObject);
  out.varint(written);
}

/** Writes an array, dense or sparse, with the properties it has beside its elements. */
export function writeArray(writer: ValueWriter, list: readonly unknown[]): void {
  const { length } = list;
  const keys = objectKeys(list);
  if (isDense(list, keys)) writeDense(writer, list, keys, length);
  else writeSparse(writer, list, keys, length);
}

function writeSparse(writer: ValueWriter, list: readonly unknown[], keys: readonly string[], length: number): void {
  const { out } = writer;
  out.tag(V8Tag.sparseArray);
  out.varint(length);
  const written = writeProperties(writer, list, keys, 0);
  out.tag(V8Tag.endSparseArray);
  out.varint(written);
  out.varint(length);
}

function writeDense(writer: ValueWriter, list: readonly unknown[], keys: readonly string[], length: number): void {
  const { out } = writer;
  out.tag(V8Tag.denseArray);
  out.varint(length);
  const doubles = isDoubles(list);
  for (let i = 0; i < length; i++) {
    if (!objectHasOwn(list, i)) out.tag(V8Tag.theHole);
    else if (doubles) writeDouble(out, list[i] as number);
    else writer.write(list[i]);
  }
  const written = writeProperties(writer, list, keys, length);
  out.tag(V8Tag.endDenseArray);
  out.varint(written);
  out.varint(length);
}

/** Writes the properties that are still there when their turn comes, and says how many. */
function writeProperties(writer: ValueWriter, object: object, keys: readonly string[], from: number): number {
  let written = 0;
  for (let i = from; i < keys.length; i++) {
    const key = keys[i] as string;
    const value = read(object, key);
    if (value === GONE) continue;
    writeKey(writer, key);
    writer.write(value);
    written++;
  }
  return written;
}

function writeKey({ out }: ValueWriter, key: string): void {
  const index = indexOf(key);
  if (index === -1) out.string(key);
  else if (index <= MAX_INT32) out.int32(index);
  else writeDouble(out, index);
}

const read = (object: object, key: string): unknown =>
  objectHasOwn(object, key) ? (object as Record<string, unknown>)[key] : GONE;

/** The number of an array index key, or -1. */
function indexOf(key: string): number {
  if (key.length > 10 || StringProto.charCodeAt(key, 0) > 57 || StringProto.charCodeAt(key, 0) < 48) return -1;
  const number = ToNumber(key);
  return numberIsInteger(number) && number <= MAX_INDEX && NumberProto.toString(number) === key ? number : -1;
}

/** Every index is there, before any other key. */
const isDense = (list: readonly unknown[], keys: readonly string[]): boolean =>
  list.length === 0 || (keys.length >= list.length && keys[list.length - 1] === NumberProto.toString(list.length - 1));

/** V8 keeps an array of numbers that are not all small integers as doubles and writes every element as one. */
function isDoubles(list: readonly unknown[]): boolean {
  let fractions = false;
  for (let i = 0; i < list.length; i++) {
    const descriptor = reflectGetOwnPropertyDescriptor(list, i);
    const value = descriptor?.value as unknown;
    if (typeof value !== "number") return false;
    if (!isInt32(value)) fractions = true;
  }
  return fractions;
}
