import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SyscallFailure } from "../../errors/failure.ts";
import { connectionOf, FarStream, failureOf, openFar } from "../../testing/far-stream.ts";
import { Sockets } from "./sockets.ts";

const budget = (name: string) => ({
  sandboxCode: "ERR_SANDBOX_BUDGET_EXCEEDED",
  detail: expect.stringContaining(`raise it with options.limits.${name}`),
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe("connections that take too long", () => {
  it("are given up by the driver and fail with ETIMEDOUT and the cure; the place is free again", async () => {
    const sockets = new Sockets({ sockets: 1, connectTimeMs: 500 });
    let isGivenUp = false;
    const connecting = failureOf(() =>
      sockets.connect(
        (signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              isGivenUp = true;
              reject(new SyscallFailure("ECANCELED"));
            });
          }),
      ),
    );
    await vi.advanceTimersByTimeAsync(499);
    expect(isGivenUp).toBe(false);
    expect(await failureOf(() => sockets.connect(async () => connectionOf(new FarStream())))).toMatchObject({
      code: "EMFILE",
      ...budget("sockets"),
    });
    await vi.advanceTimersByTimeAsync(1);
    expect(await connecting).toMatchObject({ code: "ETIMEDOUT", ...budget("connectTimeMs") });
    expect(isGivenUp).toBe(true);
    (await openFar(sockets)).stream.close();
  });

  it("fail with what they fail with before", async () => {
    const sockets = new Sockets({ sockets: 1, connectTimeMs: 500 });
    const failure = await failureOf(() => sockets.connect(() => Promise.reject(new SyscallFailure("ECONNREFUSED"))));
    expect(failure).toMatchObject({ code: "ECONNREFUSED", sandboxCode: undefined });
  });
});

describe("connections that are silent", () => {
  it("are broken off: a read under way, and all that follows, fails with ETIMEDOUT and the cure", async () => {
    const sockets = new Sockets({ sockets: 1, idleTimeMs: 1000 });
    const { far, stream } = await openFar(sockets);
    const reading = failureOf(() => stream.read());
    await vi.advanceTimersByTimeAsync(1000);
    expect(far.ending).toBe(undefined);
    await vi.advanceTimersByTimeAsync(250);
    expect(far.ending).toBe("reset");
    const expected = { code: "ETIMEDOUT", ...budget("idleTimeMs") };
    expect(await reading).toMatchObject(expected);
    for (const step of [
      () => stream.read(),
      () => stream.write(new Uint8Array(1)),
      () => stream.writeNow?.(new Uint8Array(1)),
      () => stream.shutdown(),
    ])
      expect(await failureOf(step)).toMatchObject(expected);
    expect(far.written).toEqual([]);
    // The guest gives it up in its own time; its place is free already.
    (await openFar(sockets)).stream.close();
    stream.close();
  });

  it("live on while a lessee writes to them, and no longer", async () => {
    const sockets = new Sockets({ sockets: 1, idleTimeMs: 1000 });
    const { far, stream } = await openFar(sockets);
    let isWriting = true;
    stream.lease?.(10, () => ({ end: () => undefined, hasWritten: () => isWriting }));
    await vi.advanceTimersByTimeAsync(5000);
    expect(far.ending).toBe(undefined);
    isWriting = false;
    await vi.advanceTimersByTimeAsync(1250);
    expect(far.ending).toBe("reset");
    stream.close();
  });

  it("live on as long as a byte comes or goes", async () => {
    const sockets = new Sockets({ sockets: 2, idleTimeMs: 1000 });
    const [reader, writer] = [await openFar(sockets), await openFar(sockets)];
    for (let i = 0; i < 10; i++) {
      await vi.advanceTimersByTimeAsync(900);
      const reading = reader.stream.read();
      reader.far.say(1);
      await reading;
      await writer.stream.write(new Uint8Array(1));
    }
    expect([reader.far.ending, writer.far.ending]).toEqual([undefined, undefined]);
    reader.stream.close();
    writer.stream.reset?.();
    expect([reader.far.ending, writer.far.ending]).toEqual(["close", "reset"]);
  });
});

describe("bytes of a run", () => {
  it("count both ways over all its connections; then every one is broken off with the cure", async () => {
    const sockets = new Sockets({ sockets: 2, networkBytes: 100 });
    const [first, second] = [await openFar(sockets), await openFar(sockets)];
    await first.stream.write(new Uint8Array(30));
    // What does not go is not counted.
    expect(second.stream.writeNow?.(new Uint8Array(50))).toBe(10);
    const reading = first.stream.read();
    first.far.say(60);
    expect((await reading).byteLength).toBe(60);
    const expected = { code: "ENOBUFS", ...budget("networkBytes") };
    expect(await failureOf(() => second.stream.write(new Uint8Array(1)))).toMatchObject(expected);
    expect([second.far.written, second.far.ending]).toEqual([[10], "reset"]);
    const last = failureOf(() => first.stream.read());
    first.far.say(1);
    expect(await last).toMatchObject(expected);
    expect(first.far.ending).toBe("reset");
    const later = await openFar(sockets);
    expect(await failureOf(() => later.stream.writeNow?.(new Uint8Array(1)))).toMatchObject(expected);
    expect(later.far.written).toEqual([]);
  });

  it("count where they are lent to a lessee, as long as it could use them; more than there are left are not lent", async () => {
    const sockets = new Sockets({ sockets: 2, networkBytes: 100 });
    const [first, second] = [await openFar(sockets), await openFar(sockets)];
    const lend = ({ stream }: typeof first, bytes: number): number => {
      let descriptor = -1;
      stream.lease?.(bytes, (lent, ended) => {
        descriptor = lent;
        sockets.traffic.recall = () => {
          sockets.traffic.recall = () => undefined;
          ended(40);
        };
        return { end: () => undefined, hasWritten: () => false };
      });
      return descriptor;
    };
    expect([lend(first, 101), lend(first, 60), lend(second, 41)]).toEqual([-1, 5, -1]);
    await second.stream.write(new Uint8Array(40));
    // Of the sixty that were lent, forty were not used.
    await second.stream.write(new Uint8Array(40));
    expect(first.far.left).toEqual([40]);
    expect(await failureOf(() => second.stream.write(new Uint8Array(1)))).toMatchObject({ code: "ENOBUFS" });
    first.stream.close();
  });

  it("do not count where writing them failed", async () => {
    const sockets = new Sockets({ sockets: 1, networkBytes: 100 });
    const { far, stream } = await openFar(sockets);
    far.writeNow = () => {
      throw new SyscallFailure("ECONNRESET");
    };
    for (let i = 0; i < 3; i++)
      expect(await failureOf(() => stream.writeNow?.(new Uint8Array(90)))).toMatchObject({ code: "ECONNRESET" });
    stream.close();
  });

  it("an end is no byte, and 0 is no limit", async () => {
    const sockets = new Sockets({ sockets: 1, networkBytes: 0 });
    const { far, stream } = await openFar(sockets);
    await stream.write(new Uint8Array(2 ** 20));
    const reading = stream.read();
    far.say(0);
    expect((await reading).byteLength).toBe(0);
    await stream.shutdown();
    stream.close();
    expect(far.ending).toBe("close");
  });
});
