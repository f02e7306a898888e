import { describe, expect, it } from "vitest";
import { Shrinking } from "./shrinking.ts";

/** Keeps the event loop at work for so many milliseconds, three quarters of the time. */
async function work(ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    const busy = performance.now() + 6;
    while (performance.now() < busy);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe("a cell gives memory back", () => {
  it("once, when it has been quiet", async () => {
    let times = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    new Shrinking(() => {
      times += 1;
      resolve();
    });
    await promise;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(times).toBe(1);
  });

  it("not while it is at work, of which its supervisor hears nothing", async () => {
    let times = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    new Shrinking(() => {
      times += 1;
      resolve();
    });
    await work(800);
    expect(times).toBe(0);
    await promise;
    expect(times).toBe(1);
  });

  it("not while something keeps coming up", async () => {
    let times = 0;
    const shrinking = new Shrinking(() => {
      times += 1;
    });
    for (let i = 0; i < 8; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      shrinking.postpone();
    }
    expect(times).toBe(0);
  });
});
