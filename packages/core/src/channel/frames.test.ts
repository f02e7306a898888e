import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { encodeFrame, encodeHead, FrameError, FrameReader, MAX_BODY_BYTES, MAX_HEADER_BYTES } from "./frames.ts";

const frame = (header: object, text: string) => encodeFrame(header, Buffer.from(text));
const seen = (reader: FrameReader, chunk: Uint8Array) =>
  reader.push(chunk).map(({ header, body }) => [header, Buffer.from(body).toString()]);
const prefix = (header: number, body: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(header, 0);
  bytes.writeUInt32LE(body, 4);
  return bytes;
};

describe("FrameReader", () => {
  it("reads frames whatever the pieces they come in", () => {
    const stream = Buffer.concat([frame({ n: 1 }, "one"), frame({ n: 2 }, ""), frame({ n: 3 }, "three".repeat(50))]);
    const expected = [
      [{ n: 1 }, "one"],
      [{ n: 2 }, ""],
      [{ n: 3 }, "three".repeat(50)],
    ];
    for (const size of [1, 2, 3, 7, 8, 9, 64, stream.length]) {
      const reader = new FrameReader();
      const frames: unknown[] = [];
      for (let at = 0; at < stream.length; at += size) frames.push(...seen(reader, stream.subarray(at, at + size)));
      expect(frames).toEqual(expected);
      expect(reader.idle).toBe(true);
    }
  });

  it("hands on a body that came in one piece without a copy", () => {
    const chunk = Buffer.from(frame({ n: 1 }, "body"));
    const [first] = new FrameReader().push(chunk);
    expect(first?.body.buffer).toBe(chunk.buffer);
  });

  it("knows when a frame is unfinished", () => {
    const reader = new FrameReader();
    reader.push(frame({ n: 1 }, "body").subarray(0, 3));
    expect(reader.idle).toBe(false);
  });

  it("refuses lengths over the limits before any of their bytes come", () => {
    expect(() => new FrameReader().push(prefix(MAX_HEADER_BYTES + 1, 0))).toThrow(FrameError);
    expect(() => new FrameReader().push(prefix(2, MAX_BODY_BYTES + 1))).toThrow(FrameError);
    expect(() => new FrameReader().push(prefix(0, 0))).toThrow(FrameError);
    expect(() => encodeHead({}, MAX_BODY_BYTES + 1)).toThrow(FrameError);
    expect(() => encodeHead({ text: "x".repeat(MAX_HEADER_BYTES) }, 0)).toThrow(FrameError);
  });

  it("refuses headers that are not JSON objects", () => {
    for (const header of ["{", "null", "[]", '"x"', "1", ""]) {
      const bytes = Buffer.concat([prefix(header.length, 0), Buffer.from(header)]);
      expect(() => new FrameReader().push(bytes)).toThrow(FrameError);
    }
  });

  it("takes a large body in small pieces in linear time", () => {
    const reader = new FrameReader();
    const piece = Buffer.alloc(1024);
    reader.push(encodeHead({ n: 1 }, 32 * 1024 * 1024));
    let frames = 0;
    for (let index = 0; index < 32 * 1024; index++) frames += reader.push(piece).length;
    expect(frames).toBe(1);
  });
});
