import { describe, expect, it } from "vitest";
import { EventLoop } from "./loop.ts";
import type { Realm } from "./realm.ts";

/** A loop with one timer to wait for, on a clock of the test's. */
function loopWithTimer(delay: number) {
  const clock = { time: 1000, questions: 0 };
  const now = (): number => {
    clock.questions += 1;
    return clock.time;
  };
  const loop = new EventLoop({ now, process: {} } as unknown as Realm);
  Object.assign(loop.hooks, {
    immediateInfo: new Uint32Array(3),
    timeoutInfo: new Int32Array(1).fill(1),
    tickInfo: new Uint8Array(2),
    getFrame: () => undefined,
  });
  loop.scheduleTimer(delay);
  return { loop, clock };
}

describe("the clock of the event loop", () => {
  it("is asked once between two callbacks, however often the loop goes round", () => {
    const { loop, clock } = loopWithTimer(50);
    loop.passTime();
    clock.questions = 0;
    expect(loop.next()).toBeUndefined();
    expect(loop.rest()).toBe(50);
    expect(clock.questions).toBe(1);
  });

  it("is asked again once time may have passed, and always by who wants to know the time", () => {
    const { loop, clock } = loopWithTimer(50);
    expect(loop.next()).toBeUndefined();
    clock.time += 20;
    loop.passTime();
    expect(loop.rest()).toBe(30);
    clock.time += 30;
    expect(loop.now()).toBe(1050);
    expect(loop.next()).toBeDefined();
  });
});
