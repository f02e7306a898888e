import { describe, expect, it } from "vitest";
import { encodeFrame, type Frame, FrameReader, Kind, MAX_FRAME_BYTES } from "./frames.ts";

const bytes = (...values: number[]) => new Uint8Array(values);

function reading() {
  const frames: Frame[] = [];
  const reader = new FrameReader((frame) => void frames.push(frame));
  return { frames, push: (data: Uint8Array) => reader.push(data) };
}

describe("FrameReader", () => {
  const one = encodeFrame(5, Kind.message, bytes(1, 2, 3));
  const two = encodeFrame(0xfffffffe, Kind.close, bytes());
  const stream = new Uint8Array([...one, ...two, ...one]);
  const expected = [
    { port: 5, kind: Kind.message, payload: bytes(1, 2, 3) },
    { port: 0xfffffffe, kind: Kind.close, payload: bytes() },
    { port: 5, kind: Kind.message, payload: bytes(1, 2, 3) },
  ];

  it.each([1, 2, 7, 9, 10, stream.length])("finds the frames in pieces of %d bytes", (size) => {
    const { frames, push } = reading();
    for (let at = 0; at < stream.length; at += size) expect(push(stream.slice(at, at + size))).toBe(true);
    expect(frames).toEqual(expected);
  });

  it("gives payloads in memory of their own", () => {
    const { frames, push } = reading();
    const data = new Uint8Array(one);
    push(data);
    data.fill(9);
    expect(frames[0]?.payload).toEqual(bytes(1, 2, 3));
    expect(frames[0]?.payload.buffer.byteLength).toBe(3);
  });

  it("refuses a length no frame has, before anything of it is there", () => {
    const { frames, push } = reading();
    const header = encodeFrame(0, Kind.message, bytes());
    new DataView(header.buffer).setUint32(0, MAX_FRAME_BYTES + 1, true);
    expect(push(header)).toBe(false);
    expect(frames).toEqual([]);
  });

  it("allocates nothing on the word of a length", () => {
    const { frames, push } = reading();
    const header = encodeFrame(0, Kind.message, bytes());
    new DataView(header.buffer).setUint32(0, MAX_FRAME_BYTES, true);
    const before = process.memoryUsage().arrayBuffers;
    expect(push(header)).toBe(true);
    expect(push(bytes(1, 2, 3))).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
    expect(frames).toEqual([]);
  });
});
