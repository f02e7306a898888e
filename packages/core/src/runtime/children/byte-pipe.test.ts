import { describe, expect, it } from "vitest";
import { BytePipe } from "./byte-pipe.ts";

const text = (data: Uint8Array | undefined): string | undefined => data && Buffer.from(data).toString();
const bytes = (value: string): Uint8Array => Buffer.from(value);
const KiB = 1024;

describe("BytePipe", () => {
  it("hands bytes on in order, to readers in order, in pieces no longer than asked for", async () => {
    const pipe = new BytePipe();
    const first = pipe.next(3);
    const second = pipe.next();
    void pipe.write(bytes("abcdef"));
    expect([text(await first), text(await second)]).toEqual(["abc", "def"]);
  });

  it("keeps what was written apart from the writer's buffer", async () => {
    const pipe = new BytePipe();
    const data = bytes("before");
    void pipe.write(data);
    data.fill(120);
    expect(text(await pipe.next())).toBe("before");
  });

  it("holds a writer back while it is full, until a reader made room", async () => {
    const pipe = new BytePipe();
    expect(pipe.write(Buffer.alloc(10 * KiB))).toBe(undefined);
    const full = pipe.write(Buffer.alloc(60 * KiB));
    let released = false;
    const waiting = Promise.resolve(full).then(() => {
      released = true;
    });
    expect(full).toBeInstanceOf(Promise);
    await pipe.next(1);
    expect(released).toBe(false);
    await pipe.next();
    await waiting;
    expect(released).toBe(true);
  });

  it("ends when its last writer is gone, after what was written", async () => {
    const pipe = new BytePipe();
    pipe.retain("write");
    void pipe.write(bytes("last"));
    pipe.release("write");
    const end = Promise.all([pipe.next(), pipe.next()]);
    pipe.release("write");
    expect((await end).map(text)).toEqual(["last", undefined]);
    expect(await pipe.next()).toBe(undefined);
  });

  it("is done when its end was read, not when it was written", async () => {
    const pipe = new BytePipe();
    let done = false;
    const seen = pipe.done.then(() => {
      done = true;
    });
    void pipe.write(bytes("last"));
    pipe.release("write");
    await pipe.next();
    expect(done).toBe(false);
    await pipe.next();
    await seen;
    expect(done).toBe(true);
  });

  it("drops what nobody will read, and lets go of everyone who waits", async () => {
    const pipe = new BytePipe();
    const full = pipe.write(Buffer.alloc(100 * KiB));
    pipe.release("read");
    await full;
    expect([pipe.open, pipe.write(bytes("x"))]).toEqual([false, undefined]);
    expect(await pipe.next()).toBe(undefined);
  });

  it("refuses a writer that does not wait before it fills the embedder's memory, tiny pieces included", () => {
    const large = new BytePipe();
    let taken = 0;
    for (; large.open && taken < 100; taken++) void large.write(Buffer.alloc(KiB * KiB));
    expect(taken).toBe(16);
    const tiny = new BytePipe();
    let pieces = 0;
    for (; tiny.open && pieces < 1e6; pieces++) void tiny.write(bytes("x"));
    expect(pieces).toBeLessThan(70_000);
  });
});
