import { describe, expect, it } from "vitest";
import { give, isGiven } from "./given.ts";
import { GuestIsolate } from "./isolate.ts";

describe("bytes that were given away", () => {
  it("move with their memory, and are empty here afterwards", () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const given = give(bytes);
    expect(given.buffer).toBe(bytes.buffer);
    expect(isGiven(given)).toBe(true);
    GuestIsolate.copy(given);
    expect([given.byteLength, bytes.byteLength]).toEqual([0, 0]);
  });

  it("are a copy where others share their memory", () => {
    const pool = Buffer.from("a pool of bytes");
    const part = new Uint8Array(pool.buffer, pool.byteOffset + 2, 4);
    const given = give(part);
    expect(Buffer.from(given).toString()).toBe("pool");
    GuestIsolate.copy(given);
    expect(pool.toString()).toBe("a pool of bytes");
    const shared = new Uint8Array(new SharedArrayBuffer(2)).fill(7);
    GuestIsolate.copy(give(shared));
    expect([...shared]).toEqual([7, 7]);
  });

  it("nothing moves that was not given", () => {
    const bytes = new Uint8Array([1, 2, 3]);
    GuestIsolate.copy(bytes);
    expect(isGiven(bytes)).toBe(false);
    expect([...bytes]).toEqual([1, 2, 3]);
  });
});
