import { describe, expect, it } from "vitest";
import { ExpectedBody } from "./llhttp-body.ts";

const PARSER = 64;
const words = new Int32Array(64);
/** Where llhttp keeps them: an `llhttp_t` of 32 bits. */
const ERROR = PARSER / 4 + 3;
const LOW = PARSER / 4 + 8;
const HIGH = LOW + 1;

/** A parser that expects so much, and has just read `size` bytes of it as llhttp would. */
function within(left: number, size = 10): ExpectedBody {
  words.fill(0);
  words[LOW] = left;
  words[HIGH] = Math.floor(left / 2 ** 32);
  const body = new ExpectedBody(() => words, PARSER);
  body.begin(true);
  body.told(size);
  words[LOW] -= size;
  body.end(0, size);
  return body;
}

const left = (): number => ((words[HIGH] as number) >>> 0) * 2 ** 32 + ((words[LOW] as number) >>> 0);

describe("what lies within a body", () => {
  it("counts as read; its last byte is llhttp's to see", () => {
    const body = within(100);
    expect([body.take(80), left()]).toEqual([true, 10]);
    expect([body.take(10), body.take(11), body.take(0), left()]).toEqual([false, false, false, 10]);
    expect([body.take(9), left()]).toEqual([true, 1]);
  });

  it("is counted in 64 bits", () => {
    const body = within(2 ** 40 + 15);
    expect([body.take(20), left()]).toEqual([true, 2 ** 40 - 15]);
    expect([words[HIGH], words[LOW]]).toEqual([255, -15]);
  });

  it("is not known before llhttp was in the middle of one", () => {
    words.fill(0);
    words[LOW] = 100;
    expect(new ExpectedBody(() => words, PARSER).take(10)).toBe(false);
  });

  it("is not known after the call in which it began", () => {
    words.fill(0);
    words[LOW] = 100;
    const body = new ExpectedBody(() => words, PARSER);
    body.begin(false);
    body.told(10);
    words[LOW] = 90;
    body.end(0, 10);
    expect(body.take(10)).toBe(false);
  });

  it("is not known where a call read anything else, failed, or took nothing off the length", () => {
    const calls: readonly (readonly [told: number, taken: number, errno: number])[] = [
      [9, 9, 0],
      [10, 10, 21],
      [10, 0, 0],
    ];
    for (const [told, taken, errno] of calls) {
      const body = within(100);
      body.begin(true);
      body.told(told);
      words[LOW] = (words[LOW] as number) - taken;
      body.end(errno, 10);
      expect(body.take(10)).toBe(false);
    }
  });

  it("is llhttp's to read while the parser is paused or broken", () => {
    const body = within(100);
    words[ERROR] = 21;
    expect(body.take(10)).toBe(false);
    words[ERROR] = 0;
    expect(body.take(10)).toBe(true);
  });
});
