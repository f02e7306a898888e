import { describe, expect, it } from "vitest";
import { RecordCutter } from "./tls-records.ts";

const record = (type: number, size: number): number[] => [
  type,
  3,
  3,
  size >> 8,
  size & 255,
  ...new Array<number>(size).fill(type),
];
const sizes = (pieces: readonly Uint8Array[]): number[] => pieces.map((piece) => piece.byteLength);

describe("RecordCutter", () => {
  it("cuts where records end and passes on what has not come whole", () => {
    const cutter = new RecordCutter();
    const bytes = new Uint8Array([...record(22, 10), ...record(23, 0), ...record(23, 300)]);
    expect(sizes(cutter.cut(bytes.subarray(0, 18)))).toEqual([15, 3]);
    expect(sizes(cutter.cut(bytes.subarray(18, 200)))).toEqual([2, 180]);
    expect(sizes(cutter.cut(bytes.subarray(200)))).toEqual([bytes.byteLength - 200]);
    expect(sizes(cutter.cut(new Uint8Array(record(21, 2))))).toEqual([7]);
  });

  it("gives back the same bytes, however they come", () => {
    const bytes = new Uint8Array([...record(22, 3), ...record(20, 1), ...record(23, 40), 1, 2]);
    for (let step = 1; step <= bytes.byteLength; step++) {
      const cutter = new RecordCutter();
      const out: number[] = [];
      for (let at = 0; at < bytes.byteLength; at += step)
        for (const piece of cutter.cut(bytes.subarray(at, at + step))) out.push(...piece);
      expect(out).toEqual([...bytes]);
    }
  });
});
