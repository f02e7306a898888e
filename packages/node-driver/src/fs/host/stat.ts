import type { BigIntStats } from "node:fs";
import * as linux from "../linux.ts";
import type { Kind, Stat } from "../node.ts";

const BILLION = 1_000_000_000n;
// As timespec has it: nanoseconds count forward, also before 1970.
const nanoseconds = (time: bigint): number => Number(((time % BILLION) + BILLION) % BILLION);
const seconds = (time: bigint): number => Number((time - BigInt(nanoseconds(time))) / BILLION);

/** The guest's stat array for a host file: its own values, with the mount as device. */
export function encodeStat(stats: BigIntStats, device: number): Stat {
  return [
    device,
    Number(stats.mode),
    Number(stats.nlink),
    Number(stats.uid),
    Number(stats.gid),
    Number(stats.rdev),
    Number(stats.blksize),
    Number(stats.ino),
    Number(stats.size),
    Number(stats.blocks),
    seconds(stats.atimeNs),
    nanoseconds(stats.atimeNs),
    seconds(stats.mtimeNs),
    nanoseconds(stats.mtimeNs),
    seconds(stats.ctimeNs),
    nanoseconds(stats.ctimeNs),
    seconds(stats.birthtimeNs),
    nanoseconds(stats.birthtimeNs),
  ];
}

export function kindOf(stats: BigIntStats): Kind {
  const type = Number(stats.mode) & linux.S_IFMT;
  if (type === linux.S_IFREG) return "file";
  if (type === linux.S_IFDIR) return "directory";
  return type === linux.S_IFLNK ? "link" : "other";
}

/** A time for `fs.utimes`, which takes a negative number for "now" but a date before 1970 for what it is. */
export const hostTime = (seconds: number): number | Date => (seconds < 0 ? new Date(seconds * 1000) : seconds);
