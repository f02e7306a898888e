/** The program itself: its arguments, its variables, its end; clocks and chance. */
import { fillRandom } from "../bindings/crypto-jobs.ts";
import { monotonicNanoseconds } from "../lib/clock.ts";
import { ToBigInt } from "../lib/intrinsics.ts";
import { mathTrunc } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { call, type WasiCalls } from "./call.ts";
import { fail } from "./errno.ts";
import type { ProgramMemory } from "./memory.ts";

const dateNow = Date.now;
const NANOSECONDS_PER_MILLISECOND = 1e6;
const NANOSECONDS_PER_MICROSECOND = 1e3;

/** Signals WASI has, which number them as Linux does, but for those it does not have or has elsewhere. */
const SIGNALS: readonly number[] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
];
/** By WASI's number, the last ones: PROF, WINCH, POLL and PWR are none that uvwasi raises; SYS is. */
const WASI_SIGSYS = 30;
const SIGSYS = 31;

const signalOf = (signal: number): number => (signal === WASI_SIGSYS ? SIGSYS : (SIGNALS[signal] ?? 0));

/** Clocks by number: realtime, monotonic, CPU time of the process, of the thread. */
const CLOCKS: readonly ((realm: Realm) => number)[] = [
  () => dateNow() * NANOSECONDS_PER_MILLISECOND,
  monotonicNanoseconds,
  cpuNanoseconds,
  cpuNanoseconds,
];
const RESOLUTION = 1n;

function cpuNanoseconds(realm: Realm): number {
  const { 0: user, 1: system } = realm.sys.process.cpuUsage();
  return ((user as number) + (system as number)) * NANOSECONDS_PER_MICROSECOND;
}

/** The time on a clock, nanoseconds. @throws EINVAL for a clock there is not */
export const timeOn = (realm: Realm, clock: number): number => (CLOCKS[clock] ?? fail("EINVAL"))(realm);

const total = (texts: readonly Uint8Array[]): number => {
  let size = 0;
  for (let i = 0; i < texts.length; i++) size += (texts[i] as Uint8Array).length;
  return size;
};

/** Writes texts one behind the other, and where each begins. */
function writeTexts(memory: ProgramMemory, texts: readonly Uint8Array[], list: number, buffer: number): void {
  memory.check(buffer, total(texts));
  memory.check(list, texts.length * 4);
  let at = buffer;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i] as Uint8Array;
    memory.write(at, text);
    memory.setU32(list + i * 4, at);
    at += text.length;
  }
}

function writeSizes(memory: ProgramMemory, texts: readonly Uint8Array[], count: number, size: number): void {
  memory.check(count, 4);
  memory.check(size, 4);
  memory.setU32(count, texts.length);
  memory.setU32(size, total(texts));
}

export const programCalls: WasiCalls = {
  args_get: call(["i", "i"], ({ args }, memory, list, buffer) => writeTexts(memory, args, list, buffer)),
  args_sizes_get: call(["i", "i"], ({ args }, memory, count, size) => writeSizes(memory, args, count, size)),
  environ_get: call(["i", "i"], ({ env }, memory, list, buffer) => writeTexts(memory, env, list, buffer)),
  environ_sizes_get: call(["i", "i"], ({ env }, memory, count, size) => writeSizes(memory, env, count, size)),

  clock_res_get: call(["i", "i"], (_system, memory, clock, at) => {
    memory.check(at, 8);
    if (clock >= CLOCKS.length) fail("EINVAL");
    memory.setU64(at, RESOLUTION);
  }),
  clock_time_get: call(["i", "I", "i"], ({ table }, memory, clock, _precision, at) => {
    memory.check(at, 8);
    memory.setU64(at, ToBigInt(mathTrunc(timeOn(table.realm, clock))));
  }),

  /** Does not return, and runs no handler of the host program, as exit(3). */
  proc_exit: call(["i"], ({ table }, _memory, code) => table.realm.exit(code)),
  proc_raise: call(["i"], ({ table }, _memory, signal) => {
    const known = signalOf(signal & 0xff);
    if (known === 0) fail("ENOSYS");
    table.realm.sys.process.kill(known);
  }),
  sched_yield: call([], () => {}),

  random_get: call(["i", "i"], ({ table }, memory, at, size) => {
    memory.check(at, size);
    fillRandom(table.realm, memory.part(at, size), 0, size);
  }),
};
