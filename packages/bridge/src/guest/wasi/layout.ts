/** How the structures of wasi_snapshot_preview1 lie in memory. */
import { ToBigInt } from "../lib/intrinsics.ts";
import { mathTrunc, SafeMap } from "../primordials.ts";
import type { ProgramMemory } from "./memory.ts";

export const FILE_TYPE = {
  unknown: 0,
  blockDevice: 1,
  characterDevice: 2,
  directory: 3,
  regularFile: 4,
  socketStream: 6,
  symbolicLink: 7,
} as const;
export type FileType = (typeof FILE_TYPE)[keyof typeof FILE_TYPE];

/** Sizes, bytes. */
export const SIZE = { dirent: 24, fdstat: 24, filestat: 64, prestat: 8, event: 32, subscription: 48 } as const;

/** The type bits of a mode (<sys/stat.h>), and what they say. */
const TYPE_SHIFT = 12;
const TYPE_BITS = 0o17;
const TYPES = new SafeMap<number, FileType>();
TYPES.set(1, FILE_TYPE.socketStream);
TYPES.set(2, FILE_TYPE.characterDevice);
TYPES.set(4, FILE_TYPE.directory);
TYPES.set(6, FILE_TYPE.blockDevice);
TYPES.set(8, FILE_TYPE.regularFile);
TYPES.set(10, FILE_TYPE.symbolicLink);
TYPES.set(12, FILE_TYPE.socketStream);

/** Where Node's stat array has what, see the `fs` contract. */
const STAT = { dev: 0, mode: 1, nlink: 2, ino: 7, size: 8, atime: 10, mtime: 12, ctime: 14 } as const;

export type Stat = readonly number[];

export const fileTypeOf = (stat: Stat): FileType =>
  TYPES.get(((stat[STAT.mode] as number) >> TYPE_SHIFT) & TYPE_BITS) ?? FILE_TYPE.unknown;

export const sizeOf = (stat: Stat): number => stat[STAT.size] as number;

/** Whole seconds of the last access and the last change. */
export const secondsOf = (stat: Stat): { readonly atime: number; readonly mtime: number } => ({
  atime: stat[STAT.atime] as number,
  mtime: stat[STAT.mtime] as number,
});

const whole = (stat: Stat, at: number): bigint => ToBigInt(mathTrunc(stat[at] as number));
const nanoseconds = (stat: Stat, at: number): bigint => whole(stat, at) * 1_000_000_000n + whole(stat, at + 1);

export function writeFilestat(memory: ProgramMemory, at: number, stat: Stat): void {
  memory.setU64(at, whole(stat, STAT.dev));
  memory.setU64(at + 8, whole(stat, STAT.ino));
  memory.setU8(at + 16, fileTypeOf(stat));
  memory.setU64(at + 24, whole(stat, STAT.nlink));
  memory.setU64(at + 32, whole(stat, STAT.size));
  memory.setU64(at + 40, nanoseconds(stat, STAT.atime));
  memory.setU64(at + 48, nanoseconds(stat, STAT.mtime));
  memory.setU64(at + 56, nanoseconds(stat, STAT.ctime));
}

/** Types of directory entries by libuv's (`uv_dirent_type_t`). */
const UNKNOWN = FILE_TYPE.unknown;
export const ENTRY_TYPES: readonly FileType[] = [
  UNKNOWN,
  FILE_TYPE.regularFile,
  FILE_TYPE.directory,
  FILE_TYPE.symbolicLink,
  UNKNOWN,
  FILE_TYPE.socketStream,
  FILE_TYPE.characterDevice,
  FILE_TYPE.blockDevice,
];
