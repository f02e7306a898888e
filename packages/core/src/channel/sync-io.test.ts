import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { encodeFrame, FrameError, FrameReader } from "./frames.ts";
import { SyncAnswerReader, SyncReportWriter } from "./sync-io.ts";

const folder = mkdtempSync(join(tmpdir(), "vivarium-sync-io-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("synchronous frames", () => {
  it("what SyncReportWriter writes, FrameReader and SyncAnswerReader read", () => {
    const file = join(folder, "frames");
    const bodies = [0, 10, 16 * 1024 + 1, 1_000_000].map((size) => Buffer.alloc(size, size % 251));
    const fd = openSync(file, "w");
    const writer = new SyncReportWriter(fd);
    for (const [n, body] of bodies.entries()) writer.write({ n }, body);
    closeSync(fd);
    const frames = new FrameReader().push(readFileSync(file));
    expect(frames.map(({ header }) => header)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }]);
    expect(frames.every(({ body }, n) => bodies[n]?.equals(body))).toBe(true);
    const input = openSync(file, "r");
    const reader = new SyncAnswerReader(input);
    for (const [n, body] of bodies.entries()) {
      const frame = reader.read();
      expect(frame.header).toEqual({ n });
      expect(body.equals(frame.body)).toBe(true);
    }
    expect(() => reader.read()).toThrow(FrameError);
    closeSync(input);
  });

  it("output frames are the same bytes, whichever way they are written", () => {
    const file = join(folder, "stdio");
    const bodies = ["", "short", "x".repeat(40_000)].map((text) => Buffer.from(text));
    const fd = openSync(file, "w");
    const writer = new SyncReportWriter(fd);
    for (const body of bodies) for (const channel of [1, 2] as const) writer.writeStdio(channel, body);
    closeSync(fd);
    const expected = bodies.flatMap((body) => [1, 2].map((channel) => encodeFrame({ type: "stdio", channel }, body)));
    expect(readFileSync(file).equals(Buffer.concat(expected))).toBe(true);
  });

  it("a stream that ends inside a frame is an error, not a short frame", () => {
    const file = join(folder, "short");
    writeFileSync(file, encodeFrame({ n: 1 }, Buffer.alloc(100)).subarray(0, 50));
    const fd = openSync(file, "r");
    expect(() => new SyncAnswerReader(fd).read()).toThrow(FrameError);
    closeSync(fd);
  });

  it("a pipe in non-blocking mode holds the writer up instead of losing bytes", () => {
    // libuv puts a pipe of its own into non-blocking mode: the child's writes then meet EAGAIN.
    const script = `
      import { Socket } from "node:net";
      import { SyncReportWriter } from ${JSON.stringify(new URL("./sync-io.ts", import.meta.url).href)};
      new Socket({ fd: 1 }).pause();
      const writer = new SyncReportWriter(1);
      for (let n = 0; n < 64; n++) writer.write({ n }, new Uint8Array(100_000).fill(n));
      process.exit(0);`;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { maxBuffer: 1e8 });
    const frames = new FrameReader().push(stdout);
    expect(frames.length).toBe(64);
    expect(frames.every(({ body }, n) => body.length === 100_000 && body[99_999] === n)).toBe(true);
  });
});
