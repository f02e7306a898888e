import { expect } from "vitest";
import { type GuestOptions, type GuestRun, runGuest } from "./run-guest.ts";

/** Limits under which a hostile program is over soon. */
export const TIGHT = { cpuTimeMs: 300, wallTimeMs: 1500, memoryMiB: 32 } as const;

/** How far over its limit a run may go (the contract's one figure), milliseconds. */
const OVERSHOOT_MS = 1000;
const BEAT_MS = 20;
/** A loaded machine delays beats; a blocked event loop has none. */
const SLOWEST_BEAT_MS = 400;
/** Most that an attack may leave in the embedder: garbage of messages, not the guest's data, MiB. */
const MAX_GROWTH_MIB = 200;
const MiB = 1024 * 1024;

const SIBLING = `
const seen = [];
const timer = setInterval(() => {
  seen.push(seen.length);
  if (seen.length < 10) return;
  clearInterval(timer);
  Promise.resolve().then(() => seen.push("micro"));
  setImmediate(() => seen.push("immediate"));
  process.nextTick(() => seen.push("tick"));
}, 5);
process.on("exit", () => console.log(seen.join()));`;
const SIBLING_OUTPUT = "0,1,2,3,4,5,6,7,8,9,tick,micro,immediate\n";

const rssMiB = (): number => process.memoryUsage.rss() / MiB;

/** Counts the turns of the embedder's own event loop. */
class Heartbeat implements Disposable {
  #beats = 0;
  readonly #started = performance.now();
  readonly #timer = setInterval(() => this.#beats++, BEAT_MS);

  expectSteady(): void {
    expect(this.#beats).toBeGreaterThanOrEqual(Math.floor((performance.now() - this.#started) / SLOWEST_BEAT_MS));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/**
 * Runs a hostile program beside a harmless one and checks what holds for every attack: it is over by its limits, the
 * embedder's event loop went on turning and kept its memory, the sibling printed what it prints alone.
 */
export async function attack(code: string, options: GuestOptions = {}): Promise<GuestRun> {
  const limits = { ...TIGHT, ...options.limits };
  const before = rssMiB();
  using heartbeat = new Heartbeat();
  const started = performance.now();
  let elapsedMs = 0;
  const [hostile, sibling] = await Promise.all([
    runGuest(code, { ...options, limits }).finally(() => {
      elapsedMs = performance.now() - started;
    }),
    runGuest(SIBLING),
  ]);
  heartbeat.expectSteady();
  const { usage } = hostile.result;
  expect(elapsedMs - usage.startMs).toBeLessThanOrEqual((limits.wallTimeMs ?? 0) + OVERSHOOT_MS);
  expect(usage.cpuMs).toBeLessThanOrEqual((limits.cpuTimeMs ?? 0) + OVERSHOOT_MS);
  expect(rssMiB() - before).toBeLessThan(MAX_GROWTH_MIB);
  expect([sibling.stdout, sibling.stderr, sibling.result.code]).toEqual([SIBLING_OUTPUT, "", 0]);
  return hostile;
}

/** A limit ended the run. */
export const outcomes = {
  cpu: { outcome: "timeout", code: 124, error: { code: "ERR_SANDBOX_TIMEOUT", message: "CPU time limit exceeded" } },
  wall: { outcome: "timeout", code: 124, error: { code: "ERR_SANDBOX_TIMEOUT", message: "wall time limit exceeded" } },
  memory: { outcome: "memory", code: 137, error: { code: "ERR_SANDBOX_MEMORY_LIMIT" } },
  exit: (code: number) => ({ outcome: "exit", code }),
  uncaught: (error: object) => ({ outcome: "exit", code: 1, error }),
} as const;
