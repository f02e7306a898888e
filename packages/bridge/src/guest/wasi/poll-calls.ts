/**
 * `poll_oneoff`: waits until all descriptors asked about are ready, or the first of the clocks has run out
 * (src/poll_oneoff.c of uvwasi). Standard output is always ready; whether standard input is, shows only once there is
 * some or its end has come, and no clock cuts that short.
 */
import { append } from "../lib/define.ts";
import { ToNumber } from "../lib/intrinsics.ts";
import { mathMax } from "../primordials.ts";
import { call, type WasiCalls } from "./call.ts";
import type { DescriptorTable } from "./descriptors.ts";
import { errnoNumber, fail, SUCCESS } from "./errno.ts";
import { SIZE } from "./layout.ts";
import type { ProgramMemory } from "./memory.ts";
import { timeOn } from "./program-calls.ts";
import { RIGHT } from "./rights.ts";

const EVENT = { clock: 0, read: 1, write: 2 } as const;
/** `eventrwflags`: the other side is gone. */
const HANGUP = 1;
/** `subclockflags`: the time is one on the clock, not one from now. */
const ABSOLUTE = 1;

interface Event {
  readonly userdata: bigint;
  readonly error: number;
  readonly type: number;
  readonly flags: number;
}

/** A descriptor somebody asks about. */
interface Watched {
  readonly userdata: bigint;
  readonly type: number;
  readonly id: number;
  /** There is no such descriptor. */
  readonly isBad: boolean;
}

interface Alarm {
  readonly userdata: bigint;
  /** From now, nanoseconds. */
  readonly delay: number;
}

function alarmAt(table: DescriptorTable, memory: ProgramMemory, at: number): Alarm {
  const clock = memory.u32(at + 16);
  const time = ToNumber(memory.u64(at + 24));
  const isAbsolute = memory.u16(at + 40) === ABSOLUTE;
  return { userdata: memory.u64(at), delay: isAbsolute ? mathMax(0, time - timeOn(table.realm, clock)) : time };
}

/** @throws ENOTCAPABLE, and EPERM for a file, which no poll of Linux takes */
function watchedAt(table: DescriptorTable, memory: ProgramMemory, at: number, type: number): Watched {
  const id = memory.u32(at + 16);
  const about = { userdata: memory.u64(at), type, id };
  if (!table.has(id)) return { ...about, isBad: true };
  const { fd } = table.get(id, RIGHT.pollFdReadwrite | (type === EVENT.read ? RIGHT.fdRead : RIGHT.fdWrite));
  if (!table.streams.has(fd)) fail("EPERM");
  return { ...about, isBad: false };
}

/** Waits for it. -> what there is to tell */
function ready(table: DescriptorTable, { userdata, type, id, isBad }: Watched): Event {
  if (isBad) return { userdata, error: errnoNumber("EBADF"), type, flags: 0 };
  const { fd } = table.get(id);
  const isInput = table.streams.streamOf(fd) === 0;
  const hasEnded = type === EVENT.read && isInput && !table.streams.waitForInput(fd);
  return { userdata, error: SUCCESS, type, flags: hasEnded ? HANGUP : 0 };
}

function writeEvent(memory: ProgramMemory, at: number, event: Event | undefined): void {
  memory.setU64(at, event?.userdata ?? 0n);
  memory.setU16(at + 8, event?.error ?? SUCCESS);
  memory.setU8(at + 10, event?.type ?? EVENT.clock);
  if (event === undefined || event.type === EVENT.clock) return;
  memory.setU64(at + 16, 0n);
  memory.setU16(at + 24, event.flags);
}

/** What has happened, once it has. */
function happened(table: DescriptorTable, watched: readonly Watched[], alarm: Alarm | undefined): readonly Event[] {
  let pollable = 0;
  const seen: number[] = [];
  const events: Event[] = [];
  for (let i = 0; i < watched.length; i++) {
    const each = watched[i] as Watched;
    let isAgain = false;
    for (let j = 0; j < seen.length; j++) if (seen[j] === each.id) isAgain = true;
    // A second question about a descriptor gets no answer of its own.
    if (isAgain) continue;
    append(seen, each.id);
    if (!each.isBad) pollable++;
    append(events, ready(table, each));
  }
  if (pollable > 0) return events;
  // With nothing to wait for, descriptors that are none end the waiting at once.
  if (alarm && watched.length === 0) table.realm.sys.process.sleep(alarm.delay / 1e6);
  return [{ userdata: alarm?.userdata ?? 0n, error: SUCCESS, type: EVENT.clock, flags: 0 }];
}

export const pollCalls: WasiCalls = {
  poll_oneoff: call(["i", "i", "i", "i"], ({ table }, memory, from, to, count, told) => {
    memory.check(from, count * SIZE.subscription);
    memory.check(to, count * SIZE.event);
    memory.check(told, 4);
    if (count === 0) fail("EINVAL");
    let alarm: Alarm | undefined;
    const watched: Watched[] = [];
    for (let i = 0; i < count; i++) {
      const at = from + i * SIZE.subscription;
      const type = memory.u8(at + 8);
      if (type > EVENT.write) fail("EINVAL");
      if (type !== EVENT.clock) append(watched, watchedAt(table, memory, at, type));
      else {
        const next = alarmAt(table, memory, at);
        if (alarm === undefined || next.delay < alarm.delay) alarm = next;
      }
    }
    const events = happened(table, watched, alarm);
    memory.setU32(told, events.length);
    for (let i = 0; i < count; i++) writeEvent(memory, to + i * SIZE.event, events[i]);
  }),
};
