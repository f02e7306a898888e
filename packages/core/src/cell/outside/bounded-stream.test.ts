import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SyscallFailure } from "../../errors/failure.ts";
import { failureOf, openFar } from "../../testing/far-stream.ts";
import type { StreamSink } from "../cell-stream.ts";
import { Sockets } from "./sockets.ts";

/** A listener that writes down what it hears. */
class Ear implements StreamSink {
  readonly heard: unknown[] = [];

  data(bytes: Uint8Array): void {
    this.heard.push(bytes.byteLength);
  }

  fail({ code, sandboxCode }: SyscallFailure): void {
    this.heard.push([code, sandboxCode]);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe("a listener", () => {
  const OVER = "ERR_SANDBOX_BUDGET_EXCEEDED";
  const turn = () => vi.advanceTimersByTimeAsync(0);

  it("hears what comes and how it ends, and nothing once it listens no more", async () => {
    const { far, stream } = await openFar(new Sockets({ sockets: 1, idleTimeMs: 1000, networkBytes: 100 }));
    const [first, second] = [new Ear(), new Ear()];
    stream.listen?.(first);
    far.say(10);
    stream.unlisten?.();
    far.say(10);
    stream.listen?.(second);
    far.say(5);
    far.breakOff();
    expect([first.heard, second.heard]).toEqual([[10], [5, ["ECONNRESET", undefined]]]);
    stream.close();
    await turn();
    expect(second.heard).toHaveLength(2);
  });

  it("is told of silence, and a later one as well", async () => {
    const { stream } = await openFar(new Sockets({ sockets: 1, idleTimeMs: 1000 }));
    const [ear, late] = [new Ear(), new Ear()];
    stream.listen?.(ear);
    await vi.advanceTimersByTimeAsync(1250);
    stream.listen?.(late);
    await turn();
    expect([ear.heard, late.heard]).toEqual([[["ETIMEDOUT", OVER]], [["ETIMEDOUT", OVER]]]);
    stream.close();
  });

  it("keeps it alive by what it hears", async () => {
    const { far, stream } = await openFar(new Sockets({ sockets: 1, idleTimeMs: 1000 }));
    stream.listen?.(new Ear());
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(900);
      far.say(1);
    }
    expect(far.ending).toBe(undefined);
    stream.close();
  });

  it("is told that the bytes are used up, not from within the write that went too far", async () => {
    const sockets = new Sockets({ sockets: 2, networkBytes: 100 });
    const [first, second] = [await openFar(sockets), await openFar(sockets)];
    const [one, two] = [new Ear(), new Ear()];
    first.stream.listen?.(one);
    second.stream.listen?.(two);
    expect((await failureOf(() => first.stream.writeNow?.(new Uint8Array(101))))?.code).toBe("ENOBUFS");
    expect(one.heard).toEqual([]);
    second.far.say(1);
    await turn();
    expect([one.heard, two.heard]).toEqual([[["ENOBUFS", OVER]], [["ENOBUFS", OVER]]]);
    expect([first.far.ending, second.far.ending]).toEqual(["reset", "reset"]);
    expect(first.far.written).toEqual([]);
  });
});
