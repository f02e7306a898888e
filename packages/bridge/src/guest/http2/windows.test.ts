import { describe, expect, it } from "vitest";
import { RateLimit } from "./rate-limit.ts";
import { ReceiveWindow } from "./windows.ts";

describe("a receive window", () => {
  it("refuses what is beyond it, and gives back what was taken once that is half of it", () => {
    const window = new ReceiveWindow(100);
    expect(window.receive(60)).toBe(true);
    expect(window.receive(41)).toBe(false);
    expect(window.consume(49)).toBe(0);
    expect(window.consume(11)).toBe(60);
    expect(window.room).toBe(100);
  });

  it("gives nothing back while an update waits to be sent", () => {
    const window = new ReceiveWindow(100);
    window.receive(100);
    window.isUpdateQueued = true;
    expect(window.consume(100)).toBe(0);
    window.isUpdateQueued = false;
    expect(window.consume(0)).toBe(100);
  });

  it("is made smaller without a word, and owes nothing when it grows again", () => {
    const window = new ReceiveWindow(100);
    expect(window.resize(40)).toBe(0);
    expect(window.room).toBe(100);
    expect(window.resize(100)).toBe(0);
    expect(window.resize(150)).toBe(50);
    expect(window.shift(2 ** 31)).toBe(false);
  });
});

describe("a rate limit", () => {
  it("takes its burst at once, and its rate each second after", () => {
    const limit = new RateLimit(3, 2);
    expect([1, 2, 3, 4].map(() => limit.take(10))).toEqual([true, true, true, false]);
    expect([1, 2, 3].map(() => limit.take(11))).toEqual([true, true, false]);
    expect([1, 2, 3, 4].map(() => limit.take(1000))).toEqual([true, true, true, false]);
  });
});
