import { part } from "../lib/bytes.ts";
import { encodeNameBytes } from "../lib/escaped-utf8.ts";
import { ToBigInt, ToNumber } from "../lib/intrinsics.ts";
import { mathMin } from "../primordials.ts";
import { ENTRY_TYPES, SIZE } from "./layout.ts";
import type { ProgramMemory } from "./memory.ts";

/**
 * Writes directory entries, the last one cut off where memory ends.
 * @param listing name, type, name, type, ... as the host lists a directory
 * @param cookie how many entries the program has had
 * @returns bytes used; all of `size` says that there are more
 */
export function writeListing(
  memory: ProgramMemory,
  listing: readonly unknown[],
  cookie: bigint,
  at: number,
  size: number,
): number {
  const count = ToBigInt(listing.length / 2);
  let used = 0;
  for (let next = cookie < count ? ToNumber(cookie) : ToNumber(count); next * 2 < listing.length; ) {
    const name = encodeNameBytes(listing[next * 2] as string);
    const type = ENTRY_TYPES[listing[next * 2 + 1] as number] ?? 0;
    next++;
    if (used + SIZE.dirent > size) return size;
    const entry = at + used;
    memory.setU64(entry, ToBigInt(next));
    // libuv tells no number of the file.
    memory.setU64(entry + 8, 0n);
    memory.setU32(entry + 16, name.length);
    memory.setU32(entry + 20, type);
    used += SIZE.dirent;
    const fits = mathMin(name.length, size - used);
    memory.write(at + used, part(name, 0, fits));
    used += fits;
    if (used === size) break;
  }
  return used;
}
