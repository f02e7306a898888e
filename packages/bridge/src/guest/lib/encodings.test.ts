import { StringDecoder } from "node:string_decoder";
import { describe, expect, it } from "vitest";
import { install as installBuffer } from "../bindings/buffer.ts";
import { install as installDecoder } from "../bindings/string-decoder.ts";
import { installed } from "../testing.ts";
import { decodeBytes, Encoding, encodeString } from "./encodings.ts";
import { isUtf8, utf8Length } from "./utf8.ts";
import { Utf8Stream } from "./utf8-stream.ts";

/** A small deterministic generator. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) % below;
  };
}

const next = random(42);
/** Bytes that meet the edges of UTF-8 often. */
const LEADS = [
  0x00, 0x41, 0x7f, 0x80, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xa0, 0x9f, 0xed, 0xef, 0xbb, 0xbd, 0xf0, 0x90, 0x8f, 0xf4,
  0xf5, 0xff,
];
const someBytes = (most: number): Uint8Array =>
  Uint8Array.from({ length: next(most) }, () => (next(3) === 0 ? next(256) : (LEADS[next(LEADS.length)] as number)));
const someText = (most: number, high = 0x10000): string =>
  Array.from({ length: next(most) }, () =>
    String.fromCharCode(next(4) === 0 ? 0xd700 + next(0x200) * 4 : next(high)),
  ).join("");

const samples = Array.from({ length: 400 }, (_, i) => someBytes(i % 40 === 0 ? 20_000 : 24));
const names = ["ascii", "utf8", "base64", "ucs2", "latin1", "hex", "base64url"] as const;

describe("decoding", () => {
  for (const name of names) {
    it(`turns bytes into ${name} as Buffer does`, () => {
      for (const bytes of samples) {
        expect(decodeBytes(bytes, 0, bytes.length, Encoding[name])).toBe(Buffer.from(bytes).toString(name));
      }
    });
  }

  it("tells well-formed UTF-8", async () => {
    const buffer = await import("node:buffer");
    for (const bytes of samples) expect(isUtf8(bytes)).toBe(buffer.isUtf8(bytes));
    expect(isUtf8(Buffer.from("\ufffd ok"))).toBe(true);
  });
});

describe("encoding", () => {
  for (const name of names) {
    it(`turns text into ${name} bytes as Buffer does`, () => {
      const alphabet = "ABCabc019+/-_= \n!?=\u20ac\u0141ff";
      for (let round = 0; round < 400; round++) {
        const text =
          round % 2 === 0
            ? someText(round % 40 === 0 ? 5000 : 30)
            : Array.from({ length: next(20) }, () => alphabet[next(alphabet.length)]).join("");
        expect([...encodeString(text, Encoding[name])]).toEqual([...Buffer.from(text, name)]);
      }
    });
  }

  it("counts UTF-8 bytes", () => {
    for (let round = 0; round < 300; round++) {
      const text = someText(50);
      expect(utf8Length(text)).toBe(Buffer.byteLength(text));
    }
  });
});

describe("buffer binding", () => {
  type Any = (...args: unknown[]) => unknown;
  const binding = installed<Record<string, Any>>(installBuffer);
  const buffer = () => Buffer.from("abcdefgh");
  const failure = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      const { name, code, message } = error as NodeJS.ErrnoException;
      return [name, code, message];
    }
    return undefined;
  };

  it("writes whole characters only", () => {
    const target = new Uint8Array(5);
    expect(binding.utf8WriteStatic?.(target, "a\u20ac\u20ac", 0, 5)).toBe(4);
    expect([...target]).toEqual([0x61, 0xe2, 0x82, 0xac, 0]);
  });

  it("refuses what Node's C++ refuses, in its words", () => {
    const utf8Slice = (self: unknown, ...args: unknown[]) => (binding.utf8Slice as Any).apply(self, args);
    expect(failure(() => utf8Slice({}))).toEqual(["TypeError", "ERR_INVALID_ARG_TYPE", "argument must be a buffer"]);
    expect(failure(() => utf8Slice(buffer(), -1))).toEqual(["RangeError", "ERR_OUT_OF_RANGE", "Index out of range"]);
    expect(failure(() => utf8Slice(buffer(), 0, 100))).toEqual([
      "RangeError",
      "ERR_OUT_OF_RANGE",
      "Index out of range",
    ]);
    expect(utf8Slice(buffer(), 5, 2)).toBe("");
    expect(utf8Slice(buffer(), 1.7, 3.9)).toBe("bc");
    expect(failure(() => (binding.hexWrite as Any).call(buffer(), "a", 100))?.[1]).toBe("ERR_BUFFER_OUT_OF_BOUNDS");
    expect(failure(() => binding.utf8WriteStatic?.(buffer(), 5))?.[2]).toBe("argument must be a string");
    expect(failure(() => binding.compareOffset?.(buffer(), buffer(), 9, 0, 1, 1))?.[1]).toBe("ERR_OUT_OF_RANGE");
  });

  it("answers fill failures with the numbers the library knows", () => {
    expect(binding.fill?.(buffer(), 1, 0, 100)).toBe(-2);
    expect(binding.fill?.(buffer(), "", 0, 4, "utf8")).toBe(-1);
    expect(binding.fill?.(buffer(), "zz", 0, 4, "hex")).toBe(-1);
  });

  it("fills like Buffer.fill", () => {
    for (const [value, encoding] of [
      ["abc", "utf8"],
      ["\u20acx", "utf8"],
      ["6162", "hex"],
      ["YWJj", "base64"],
      ["\u20ac", "latin1"],
      ["ab", "ucs2"],
    ] as const) {
      for (let length = 0; length < 20; length++) {
        const ours = Buffer.alloc(length);
        binding.fill?.(ours, value, 0, length, encoding);
        expect([...ours]).toEqual([...Buffer.alloc(length).fill(value, encoding)]);
      }
    }
  });

  it("searches like Buffer.indexOf and lastIndexOf", () => {
    for (let round = 0; round < 3000; round++) {
      const hay = Buffer.from(Uint8Array.from({ length: next(12) }, () => 97 + next(2)));
      const needle = Uint8Array.from({ length: next(4) }, () => 97 + next(2));
      const offset = next(30) - 15;
      const forward = next(2) === 0;
      const expected = forward ? hay.indexOf(needle, offset) : hay.lastIndexOf(needle, offset);
      expect(binding.indexOfBuffer?.(hay, needle, offset, Encoding.utf8, forward)).toBe(expected);
    }
  });

  it("searches UTF-16 at even positions", () => {
    for (let round = 0; round < 2000; round++) {
      const text = Array.from({ length: next(8) }, () => "ab"[next(2)]).join("");
      const needle = Array.from({ length: next(3) }, () => "ab"[next(2)]).join("");
      const hay = Buffer.from(text, "ucs2");
      const offset = next(20) - 10;
      expect(binding.indexOfString?.(hay, needle, offset, Encoding.ucs2, true)).toBe(
        hay.indexOf(needle, offset, "ucs2"),
      );
      expect(binding.indexOfString?.(hay, needle, offset, Encoding.ucs2, false)).toBe(
        hay.lastIndexOf(needle, offset, "ucs2"),
      );
    }
  });

  it("does atob and btoa as Node does", () => {
    expect(["a", "?", "YQ=", "YQ===", "\u0100"].map((text) => binding.atob?.(text))).toEqual([-1, -2, -2, -2, -2]);
    expect(["YQ==", " Y Q ", "YR==", ""].map((text) => binding.atob?.(text))).toEqual(["a", "a", "a", ""]);
    expect([binding.btoa?.("\u0100"), binding.btoa?.("\u00ff\u0000x")]).toEqual([-1, btoa("\u00ff\u0000x")]);
    for (let round = 0; round < 2000; round++) {
      const text = Array.from({ length: next(9) }, () => "AZaz09+/= -"[next(11)]).join("");
      let expected: unknown;
      try {
        expected = atob(text);
      } catch {
        expected = "refused";
      }
      const actual = binding.atob?.(text);
      expect(typeof actual === "number" ? "refused" : actual, JSON.stringify(text)).toBe(expected);
    }
  });
});

describe("string_decoder binding", () => {
  interface Decoder {
    decode(state: Uint8Array, chunk: Uint8Array): string;
    flush(state: Uint8Array): string;
  }
  const { decode, flush } = installed<Decoder>(installDecoder);

  for (const name of ["utf8", "utf16le", "base64", "base64url", "latin1", "hex", "ascii"] as const) {
    it(`splits ${name} text where StringDecoder splits it`, () => {
      const number = name === "utf16le" ? Encoding.ucs2 : Encoding[name];
      for (let round = 0; round < 1500; round++) {
        const native = new StringDecoder(name);
        const state = new Uint8Array(7);
        state[6] = number;
        for (let piece = 0; piece < 4; piece++) {
          const chunk =
            name === "utf16le" && next(2)
              ? Uint8Array.from({ length: next(7) }, () => (next(2) ? 0xd8 : 0xdc))
              : someBytes(6);
          expect(decode(state, chunk)).toBe(native.write(Buffer.from(chunk)));
        }
        expect(flush(state)).toBe(native.end());
      }
    });
  }
});

describe("Utf8Stream", () => {
  it("decodes pieces as TextDecoder does", () => {
    for (let round = 0; round < 3000; round++) {
      const ignoreBOM = next(2) === 0;
      const native = new TextDecoder("utf-8", { ignoreBOM });
      const ours = new Utf8Stream(false, ignoreBOM);
      for (let piece = 0; piece < 4; piece++) {
        const chunk = someBytes(6);
        const stream = piece < 3;
        expect(ours.decode(chunk, !stream)).toBe(native.decode(chunk, { stream }));
      }
    }
  });
});
