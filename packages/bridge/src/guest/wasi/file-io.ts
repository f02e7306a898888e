/** Reading, writing and seeking on an entry: whose offset counts, and where appending goes. */
import { STEP } from "../bindings/fs-descriptors.ts";
import { SyscallError } from "../client.ts";
import { append } from "../lib/define.ts";
import { Bytes, ToBigInt, ToNumber } from "../lib/intrinsics.ts";
import { mathMin, numberIsSafeInteger, TypedArrayProto } from "../primordials.ts";
import { type DescriptorTable, type Entry, O } from "./descriptors.ts";
import { fail } from "./errno.ts";
import { FILE_TYPE, sizeOf } from "./layout.ts";
import type { Buffers } from "./memory.ts";

/** Most buffers one read or write takes at once (IOV_MAX). */
const MOST_BUFFERS = 1024;
const MOST_INT64 = (1n << 63n) - 1n;

/** From where a seek counts (`whence`). */
const WHENCE = { set: 0, current: 1, end: 2 } as const;

/** A place in a file as the program gives it; undefined past what any file here can have. @throws EINVAL below zero */
export function placeFrom(offset: bigint): number | undefined {
  if (offset > MOST_INT64) fail("EINVAL");
  const place = ToNumber(offset);
  return numberIsSafeInteger(place) ? place : undefined;
}

const sizeNow = (table: DescriptorTable, entry: Entry): number => sizeOf(table.stat(entry.fd));

function advance(entry: Entry, from: number | undefined, count: number): void {
  if (from !== undefined) entry.offset = from + count;
  else entry.moved += count;
}

/** Reads at a place into buffers, one after the other. @returns how many bytes, 0 at the end */
export function readAt(table: DescriptorTable, entry: Entry, buffers: Buffers, place: number): number {
  const views: Uint8Array[] = [];
  const count = mathMin(buffers.count, MOST_BUFFERS);
  for (let i = 0; i < count; i++) append(views, buffers.part(i));
  return count === 0 ? 0 : table.io.readAll(entry.fd, views, place);
}

/** The same where the last read or write ended. */
export function readNext(table: DescriptorTable, entry: Entry, buffers: Buffers): number {
  const from = isFile(entry) ? entry.offset : undefined;
  const count = readAt(table, entry, buffers, from ?? -1);
  advance(entry, from, count);
  return count;
}

/** The bytes of the next buffers, up to one step, in an array of exactly their size. */
function gather(buffers: Buffers, first: number): { readonly bytes: Uint8Array; readonly next: number } {
  let size = buffers.length(first);
  let next = first + 1;
  while (next < buffers.count && size + buffers.length(next) <= STEP) {
    size += buffers.length(next);
    next++;
  }
  const bytes = new Bytes(size);
  let at = 0;
  for (let i = first; i < next; i++) {
    const part = buffers.part(i);
    TypedArrayProto.set(bytes, part, at);
    at += part.length;
  }
  return { bytes, next };
}

/** Writes buffers at a place, -1 where the sandbox's descriptor knows. @returns how many bytes went through */
export function writeAt(table: DescriptorTable, entry: Entry, buffers: Buffers, place: number): number {
  let done = 0;
  for (let i = 0; i < buffers.count; ) {
    const { bytes, next } = gather(buffers, i);
    let written: number;
    try {
      written = table.io.write(entry.fd, bytes, 0, bytes.length, place < 0 ? -1 : place + done);
    } catch (error) {
      // What went through before a failure counts, the failure shows on the next call.
      if (done > 0 && error instanceof SyscallError) break;
      throw error;
    }
    done += written;
    if (written < bytes.length) break;
    i = next;
  }
  return done;
}

/** The same where the last read or write ended; appending, at the end. */
export function writeNext(table: DescriptorTable, entry: Entry, buffers: Buffers): number {
  const known = isFile(entry) ? entry.offset : undefined;
  const from = known !== undefined && appends(entry) ? sizeNow(table, entry) : known;
  const count = writeAt(table, entry, buffers, from ?? -1);
  advance(entry, from, count);
  return count;
}

/** Where a write at a place goes: Linux appends even that. */
export const writePlace = (table: DescriptorTable, entry: Entry, place: number): number =>
  isFile(entry) && appends(entry) ? sizeNow(table, entry) : place;

/** Moves the offset. @returns it @throws EINVAL before the beginning, ESPIPE where there is none */
export function seek(table: DescriptorTable, entry: Entry, offset: bigint, whence: number): number {
  if (table.streams.has(entry.fd)) fail("ESPIPE");
  const base = baseOf(table, entry, whence);
  const place = placeFrom(ToBigInt(base) + offset < 0n ? fail("EINVAL") : ToBigInt(base) + offset) ?? fail("EOVERFLOW");
  entry.offset = place;
  return place;
}

function baseOf(table: DescriptorTable, entry: Entry, whence: number): number {
  switch (whence) {
    case WHENCE.set:
      return 0;
    case WHENCE.current:
      return tell(table, entry);
    case WHENCE.end:
      return sizeNow(table, entry);
    default:
      return fail("EINVAL");
  }
}

/** The offset. A file the host program had opened counts from where it gave it over. */
export function tell(table: DescriptorTable, entry: Entry): number {
  if (table.streams.has(entry.fd)) fail("ESPIPE");
  return entry.offset ?? entry.moved;
}

const isFile = ({ type }: Entry): boolean => type === FILE_TYPE.regularFile;
const appends = ({ flags }: Entry): boolean => (flags & O.append) !== 0;
