/** Objects and arrays, read property by property past setters and `__proto__`. */
import { putOwn } from "./define.ts";
import { V8Tag } from "./v8-format.ts";
import type { ValueReader } from "./v8-values.ts";

/** Reads an object up to and past its end tag. */
export function readObject(reader: ValueReader): object {
  const object = reader.keep({});
  readProperties(reader, object, V8Tag.endObject);
  return object;
}

/** Reads an array whose elements are listed one by one; its length cannot exceed the bytes that are left. */
export function readDenseArray(reader: ValueReader): unknown[] {
  const input = reader.in;
  const length = input.varint();
  if (length > input.left) reader.bad();
  const list: unknown[] = reader.keep([]);
  for (let i = 0; i < length; i++) {
    if (input.peek() === V8Tag.theHole) input.tag();
    else putOwn(list, i, reader.read());
  }
  list.length = length;
  readProperties(reader, list, V8Tag.endDenseArray);
  if (input.varint() !== length) reader.bad();
  return list;
}

/** Reads an array whose elements are listed with their indices. */
export function readSparseArray(reader: ValueReader): unknown[] {
  const input = reader.in;
  const length = input.varint();
  const list: unknown[] = reader.keep([]);
  readProperties(reader, list, V8Tag.endSparseArray);
  if (input.varint() !== length || list.length > length) reader.bad();
  list.length = length;
  return list;
}

/** Properties up to an end tag; checks their number. */
function readProperties(reader: ValueReader, target: object, end: number): void {
  const input = reader.in;
  let count = 0;
  while (input.peek() !== end) {
    const key = reader.read();
    if (typeof key !== "string" && typeof key !== "number") reader.bad();
    putOwn(target, key as string | number, reader.read());
    count++;
  }
  input.tag();
  if (input.varint() !== count) reader.bad();
}
