import { ToNumber } from "../lib/intrinsics.ts";
import { mathFloor } from "../primordials.ts";
import { fail } from "./errno.ts";
import { type Stat, secondsOf } from "./layout.ts";

const dateNow = Date.now;

/** Which times to set, and to what (`fstflags`). */
const SET = { atime: 1, atimeNow: 2, mtime: 4, mtimeNow: 8 } as const;
const ALL = 15;

const both = (flags: number, one: number, other: number): boolean => (flags & one) !== 0 && (flags & other) !== 0;

/** @throws EINVAL for flags that are none, and for two answers to one question */
export function checkTimeFlags(flags: number): void {
  const isWrong =
    (flags & 0xffff & ~ALL) !== 0 || both(flags, SET.atime, SET.atimeNow) || both(flags, SET.mtime, SET.mtimeNow);
  if (isWrong) fail("EINVAL");
}

const seconds = (nanoseconds: bigint): number => ToNumber(nanoseconds / 1_000_000_000n);

/** The two times a file gets, in whole seconds as libuv takes them from uvwasi. */
export function timesToSet(
  flags: number,
  atime: bigint,
  mtime: bigint,
  stat: () => Stat,
): readonly [atime: number, mtime: number] {
  const setsBoth = (flags & (SET.atime | SET.atimeNow)) !== 0 && (flags & (SET.mtime | SET.mtimeNow)) !== 0;
  const known = setsBoth ? undefined : secondsOf(stat());
  const now = mathFloor(dateNow() / 1000);
  const choose = (given: number, current: number, value: bigint, old: number | undefined): number => {
    if ((flags & current) !== 0) return now;
    return (flags & given) !== 0 ? seconds(value) : (old as number);
  };
  return [choose(SET.atime, SET.atimeNow, atime, known?.atime), choose(SET.mtime, SET.mtimeNow, mtime, known?.mtime)];
}
