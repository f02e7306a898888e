import { describe, expect, it } from "vitest";
import type { Realm } from "../realm.ts";
import { CellStreamLease } from "./cell-stream-lease.ts";

const BYTES = Uint8Array.of(1, 2, 3);

/** A cell that answers `leases` in turn, and a helper that takes all bytes of a lease until it is over. */
function world(leases: number[], { hasHelper = true } = {}) {
  const asked: number[] = [];
  const written: unknown[] = [];
  const over = new Set<number>();
  let failure: string | undefined;
  const writeLeased = (lease: number, view: Uint8Array, start: number, end: number): number | string | undefined => {
    if (failure !== undefined) return failure;
    if (over.has(lease)) return undefined;
    written.push([lease, ...view.subarray(start, end)]);
    return end - start;
  };
  const fail = (code: string): void => {
    failure = code;
  };
  const lease = (id: number): number => {
    asked.push(id);
    return leases.shift() ?? 0;
  };
  const realm = { native: hasHelper ? { writeLeased } : undefined, sys: { stream: { lease } } } as unknown as Realm;
  return { lease: new CellStreamLease(realm), asked, written, over, fail };
}

const writes = (lease: CellStreamLease, count: number): number[] =>
  Array.from({ length: count }, () => lease.write(9, BYTES, 1, 3));

describe("a stream's lease", () => {
  it("is asked for once the stream is busy, and is used until it is over, and then again", () => {
    const { lease, asked, written, over } = world([5, 6]);
    expect(writes(lease, 9)).toEqual([0, 0, 0, 0, 0, 0, 0, 2, 2]);
    expect([asked, written]).toEqual([
      [9],
      [
        [5, 2, 3],
        [5, 2, 3],
      ],
    ]);
    over.add(5);
    expect(writes(lease, 9)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 2]);
    expect([asked, written.at(-1)]).toEqual([
      [9, 9],
      [6, 2, 3],
    ]);
  });

  it("is over with the connection, whose error is told once", () => {
    const { lease, fail } = world([5]);
    writes(lease, 8);
    fail("ECONNRESET");
    expect(() => lease.write(9, BYTES, 0, 1)).toThrow(expect.objectContaining({ code: "ECONNRESET" }));
    expect(lease.write(9, BYTES, 0, 1)).toBe(0);
  });

  it("is asked for ever more rarely where there is none", () => {
    const { lease, asked } = world([]);
    writes(lease, 8 + 32 + 128);
    expect(asked).toHaveLength(3);
    writes(lease, 511);
    expect(asked).toHaveLength(3);
  });

  it("is not asked for without a helper", () => {
    const { lease, asked } = world([5], { hasHelper: false });
    expect([writes(lease, 100).every((sent) => sent === 0), asked]).toEqual([true, []]);
  });
});
