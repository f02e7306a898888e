import { once } from "node:events";
import { MAILBOX } from "@vivarium/bridge/contract";
import { describe, expect, it } from "vitest";
import { SyscallFailure } from "../errors/failure.ts";
import { Arrivals } from "./arrivals.ts";
import type { CellStream } from "./cell-stream.ts";
import { Readers } from "./readers.ts";

/** What a guest would see: each delivery, by token and text. */
function setUp() {
  const told: unknown[][] = [];
  let plenty = 0;
  const events = new EventTarget();
  const handed: Uint8Array[] = [];
  let hands = false;
  const memory = new ArrayBuffer(MAILBOX.bytes);
  const arrivals: Arrivals = new Arrivals(memory, {
    handOver: (given) => {
      if (hands) handed.push(given);
      return hands;
    },
    deliver: (count) => {
      const header = new Int32Array(memory, 0, MAILBOX.items * 2);
      const incoming = Buffer.from(memory, MAILBOX.inAt, MAILBOX.inBytes);
      let at = 0;
      const delivery: unknown[] = [];
      for (let i = 0; i < count; i++) {
        const size = header[2 * i + 1] as number;
        if (size === MAILBOX.isHanded) {
          delivery.push([header[2 * i], handed.shift()]);
          continue;
        }
        delivery.push([header[2 * i], incoming.toString("latin1", at, at + size)]);
        at += size;
      }
      told.push(delivery);
      events.dispatchEvent(new Event("told"));
    },
    plenty: () => {
      plenty += 1;
    },
    fail: (token, failure) => {
      told.push([[token, failure.code]]);
      events.dispatchEvent(new Event("told"));
    },
  });
  const letHandOver = (may: boolean): void => {
    hands = may;
  };
  return { arrivals, memory, told, plenty: () => plenty, next: () => once(events, "told"), letHandOver };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe("bytes on their way into the guest", () => {
  it("cross together when they arrived in one round, in order, and a copy", async () => {
    const { arrivals, told, next } = setUp();
    const mine = bytes("one");
    arrivals.push(-1, mine);
    mine.fill(0);
    arrivals.push(-2, bytes("two"));
    arrivals.push(-1, new Uint8Array(0));
    expect(told).toEqual([]);
    await next();
    expect(told).toEqual([
      [
        [-1, "one"],
        [-2, "two"],
        [-1, ""],
      ],
    ]);
  });

  it("come in pieces of what libuv reads at once, and never more than there is room for", async () => {
    const { arrivals, told } = setUp();
    arrivals.push(-1, new Uint8Array(MAILBOX.inBytes + 10).fill(0x61));
    for (let i = 0; i < MAILBOX.items + 1; i++) arrivals.push(-2 - i, bytes("b"));
    arrivals.flush();
    const sizes = told.map((delivery) => (delivery as [number, string][]).map(([, text]) => text.length));
    expect(sizes[0]).toEqual([65_536, 65_536, 65_536, 65_536]);
    expect(sizes.flat().reduce((sum, size) => sum + size)).toBe(MAILBOX.inBytes + 10 + MAILBOX.items + 1);
    for (const delivery of sizes) expect(delivery.length).toBeLessThanOrEqual(MAILBOX.items);
  });

  it("cross with their memory where it is given away, in order with what is copied", () => {
    const { arrivals, told, letHandOver } = setUp();
    letHandOver(true);
    const whole = new Uint8Array(MAILBOX.itemBytes);
    arrivals.push(-1, bytes("a"));
    arrivals.push(-1, whole, true);
    arrivals.push(-1, bytes("b"));
    arrivals.push(-1, new Uint8Array(0));
    arrivals.flush();
    expect(told).toEqual([
      [
        [-1, "a"],
        [-1, whole],
        [-1, "b"],
        [-1, ""],
      ],
    ]);
    expect((told as unknown[][][])[0]?.[1]?.[1]).toBe(whole);
  });

  it("that change owners find room after as many others as a delivery has", () => {
    const { arrivals, told, letHandOver } = setUp();
    const whole = new Uint8Array(MAILBOX.itemBytes);
    for (let i = 0; i < MAILBOX.items; i++) arrivals.push(-1 - i, bytes("a"));
    letHandOver(true);
    arrivals.push(-100, whole, true);
    arrivals.flush();
    expect(told.map((delivery) => delivery.length)).toEqual([MAILBOX.items, 1]);
    expect(told[1]).toEqual([[-100, whole]]);
  });

  it("are copied where the guest holds too much, and where they are less than an item may be", () => {
    const { arrivals, told, letHandOver } = setUp();
    arrivals.push(-1, new Uint8Array(MAILBOX.itemBytes).fill(0x61), true);
    letHandOver(true);
    arrivals.push(-1, bytes("b"), true);
    arrivals.flush();
    expect(told).toEqual([
      [
        [-1, "a".repeat(MAILBOX.itemBytes)],
        [-1, "b"],
      ],
    ]);
  });

  it("go on as soon as there are as many handed over as a delivery has", () => {
    const { arrivals, told, letHandOver } = setUp();
    letHandOver(true);
    for (let i = 0; i < MAILBOX.handed + 1; i++) arrivals.push(-1, new Uint8Array(MAILBOX.itemBytes), true);
    expect(told.map((delivery) => delivery.length)).toEqual([MAILBOX.handed]);
    arrivals.flush();
    expect(told.map((delivery) => delivery.length)).toEqual([MAILBOX.handed, 1]);
  });

  it("join those of the same stream that came just before, as in a receive buffer; an end stays apart", () => {
    const { arrivals, told } = setUp();
    for (const text of ["a", "b", ""]) arrivals.push(-1, bytes(text));
    arrivals.push(-2, bytes("c"));
    arrivals.push(-1, bytes("d"));
    arrivals.flush();
    expect(told).toEqual([
      [
        [-1, "ab"],
        [-1, ""],
        [-2, "c"],
        [-1, "d"],
      ],
    ]);
  });

  it("a failure comes after what arrived before it, and nothing after the end of the run", async () => {
    const { arrivals, told } = setUp();
    arrivals.push(-1, bytes("last"));
    arrivals.fail(-1, new SyscallFailure("EIO"));
    expect(told).toEqual([[[-1, "last"]], [[-1, "EIO"]]]);
    arrivals.fail(-1, new SyscallFailure("ECONNRESET"));
    expect(told.splice(2)).toEqual([[[-1, "ECONNRESET"]]]);
    arrivals.push(-1, bytes("late"));
    arrivals.close();
    arrivals.flush();
    expect(told).toHaveLength(2);
  });

  it("say once when they have become plenty", () => {
    const { arrivals, plenty } = setUp();
    const piece = new Uint8Array(64 * 1024);
    for (let i = 0; i < 127; i++) arrivals.push(-1, piece);
    arrivals.flush();
    expect(plenty()).toBe(0);
    for (let i = 0; i < 200; i++) arrivals.push(-1, piece);
    arrivals.flush();
    expect(plenty()).toBe(1);
  });

  it("bytes and a reset of one round are bytes and an end", () => {
    const { arrivals, told } = setUp();
    arrivals.push(-1, bytes("last words"));
    arrivals.fail(-1, new SyscallFailure("ECONNRESET"));
    arrivals.flush();
    expect(told).toEqual([
      [
        [-1, "last words"],
        [-1, ""],
      ],
    ]);
  });

  it("what the guest puts in is there to be read, and no more than it may put in", () => {
    const { arrivals, memory } = setUp();
    new Uint8Array(memory, MAILBOX.outAt, MAILBOX.outBytes).set(bytes("out"));
    expect(Buffer.from(arrivals.outgoing(3)).toString()).toBe("out");
    for (const size of [-1, MAILBOX.outBytes + 1]) expect(() => arrivals.outgoing(size)).toThrow("EINVAL");
    expect(arrivals.outgoing(MAILBOX.outBytes).byteLength).toBe(MAILBOX.outBytes);
  });
});

/** A stream whose pieces the test hands out. */
function pieces() {
  const waiting: ((piece: Uint8Array | SyscallFailure) => void)[] = [];
  const stream = {
    read: () =>
      new Promise<Uint8Array>((resolve, reject) => {
        waiting.push((piece) => (piece instanceof SyscallFailure ? reject(piece) : resolve(piece)));
      }),
  } as unknown as CellStream;
  return { stream, waiting };
}

describe("a stream that is read on its own", () => {
  it("is read piece by piece until its end", async () => {
    const { arrivals, told, next } = setUp();
    const { stream, waiting } = pieces();
    const readers = new Readers(arrivals);
    readers.start(1, stream, -1);
    for (const piece of ["a", "b", ""]) {
      waiting.shift()?.(bytes(piece));
      await next();
    }
    expect(told.flat()).toEqual([
      [-1, "a"],
      [-1, "b"],
      [-1, ""],
    ]);
    expect(waiting).toEqual([]);
    expect(readers.has(1)).toBe(false);
  });

  it("stops after the piece that is under way, and goes on from there", async () => {
    const { arrivals, told, next } = setUp();
    const { stream, waiting } = pieces();
    const readers = new Readers(arrivals);
    readers.start(1, stream, -1);
    readers.stop(1);
    waiting.shift()?.(bytes("under way"));
    await next();
    expect(told.flat()).toEqual([[-1, "under way"]]);
    expect(waiting).toEqual([]);
    readers.start(1, stream, -1);
    waiting.shift()?.(new SyscallFailure("ECONNRESET"));
    await next();
    expect(told.flat().at(-1)).toEqual([-1, "ECONNRESET"]);
  });

  it("tells nothing of a stream that was given up, and holds up nobody else with it", async () => {
    const { arrivals, told, next } = setUp();
    const { stream, waiting } = pieces();
    const readers = new Readers(arrivals);
    readers.start(1, stream, -1);
    arrivals.push(-2, bytes("one "));
    readers.forget(1);
    waiting.shift()?.(new SyscallFailure("ECANCELED"));
    await Promise.resolve();
    arrivals.push(-2, bytes("piece"));
    await next();
    expect(told).toEqual([[[-2, "one piece"]]]);
  });

  it("has one reader", () => {
    const { arrivals } = setUp();
    const { stream, waiting } = pieces();
    const readers = new Readers(arrivals);
    readers.start(1, stream, -1);
    readers.start(1, stream, -1);
    expect(waiting).toHaveLength(1);
    expect(() => readers.start(1, stream, -2)).toThrow("EBUSY");
    readers.stop(1);
    expect(() => readers.start(1, stream, -2)).toThrow("EBUSY");
  });
});
