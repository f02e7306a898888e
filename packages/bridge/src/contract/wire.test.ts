import { describe, expect, it } from "vitest";
import { decodeWire, encodeWire, MAX_WIRE_DEPTH, WireError } from "./wire.ts";

const LIMIT = 1 << 20;
const roundTrip = (value: unknown): unknown => decodeWire(encodeWire(value, LIMIT));
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw error;
  }
  return "no error";
};

describe("round trips", () => {
  const values: Record<string, unknown> = {
    undefined: undefined,
    null: null,
    booleans: [true, false],
    integers: [0, 1, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, -(2 ** 53)],
    doubles: [0.5, -1.25, Number.NaN, Infinity, -Infinity, -0, Number.MIN_VALUE, Number.MAX_VALUE],
    bigints: [0n, 1n, -1n, 2n ** 64n, -(2n ** 200n) + 7n],
    strings: ["", "ascii", "caf\u00e9", "\u20ac\ud83d\ude00", "\ud800 lone", "\u0000"],
    dates: [new Date(0), new Date(8.64e15)],
    regexps: [/a+b/gi, /[\u20ac]/u],
    map: new Map<unknown, unknown>([
      ["a", 1],
      [{ k: 1 }, new Set([1, "x"])],
    ]),
    nested: { a: { b: [{ c: [] }] }, "": 1, "\u20ac": 2 },
    buffer: new Uint8Array([1, 2, 3]).buffer,
    views: [new Uint8Array([1]), new Float64Array([1.5, -0]), new BigInt64Array([-5n]), new Int16Array([-2])],
  };
  for (const [name, value] of Object.entries(values)) {
    it(`keeps ${name}`, () => expect(roundTrip(value)).toStrictEqual(value));
  }

  it("keeps holes and the length of arrays", () => {
    const list: unknown[] = [1];
    list[2] = 3;
    list.length = 5;
    const back = roundTrip(list) as unknown[];
    expect(back.length).toBe(5);
    expect(Object.keys(back)).toEqual(["0", "2"]);
  });

  it("keeps shared and circular references", () => {
    const shared = { n: 1 };
    const value: Record<string, unknown> = { a: shared, b: shared, list: [shared] };
    value.self = value;
    const back = roundTrip(value) as Record<string, unknown>;
    expect(back.a).toBe(back.b);
    expect((back.list as unknown[])[0]).toBe(back.a);
    expect(back.self).toBe(back);
  });

  it("sends a view's own bytes and nothing of the buffer under it", () => {
    const pool = new Uint8Array(8192).fill(7);
    const back = roundTrip(pool.subarray(3, 5)) as Uint8Array;
    expect(back.buffer.byteLength).toBe(2);
    expect(encodeWire(pool.subarray(3, 5), LIMIT).length).toBeLessThan(16);
  });

  it("sends errors with name, message, code, stack and cause", () => {
    const error = Object.assign(new RangeError("far", { cause: new Error("deep") }), { code: "E_FAR" });
    const back = roundTrip(error) as RangeError & { code: string };
    expect(back).toBeInstanceOf(RangeError);
    expect([back.name, back.message, back.code, back.stack]).toEqual(["RangeError", "far", "E_FAR", error.stack]);
    expect((back.cause as Error).message).toBe("deep");
    expect(Object.keys(back)).toEqual(["code"]);
  });

  it("keeps the name of an error class of the sender", () => {
    class OddError extends Error {
      override name = "OddError";
    }
    const back = roundTrip(new OddError("x")) as Error;
    expect(back.name).toBe("OddError");
    expect(back).toBeInstanceOf(Error);
  });

  it("sends an error that is its own cause", () => {
    const error = new Error("loop") as Error & { cause: unknown };
    error.cause = error;
    const back = roundTrip(error) as Error;
    expect(back.cause).toBe(back);
  });
});

describe("refusals", () => {
  const path = (value: unknown) => {
    try {
      encodeWire(value, LIMIT);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  it("names the part that cannot cross", () => {
    expect(path({ a: { b: () => 1 } })).toContain("exports.a.b is a function");
    expect(path([1, [Symbol("x")]])).toContain("exports[1][0] is a symbol");
    expect(path({ p: Promise.resolve() })).toContain("exports.p is a Promise");
    expect(path(new WeakMap())).toContain("exports is a WeakMap");
    expect(path(new SharedArrayBuffer(1))).toContain("SharedArrayBuffer");
    expect(codeOf(() => encodeWire(() => 1, LIMIT))).toBe("ERR_SANDBOX_UNCLONEABLE");
  });

  it("stops at the size limit before it allocates much more", () => {
    expect(codeOf(() => encodeWire("x".repeat(1000), 100))).toBe("ERR_SANDBOX_PAYLOAD_TOO_LARGE");
    expect(codeOf(() => encodeWire(new Array(1e6), 1000))).toBe("ERR_SANDBOX_PAYLOAD_TOO_LARGE");
    expect(codeOf(() => encodeWire(new Uint8Array(1e6), 1000))).toBe("ERR_SANDBOX_PAYLOAD_TOO_LARGE");
    expect(codeOf(() => decodeWire(encodeWire([1, 2, 3], LIMIT), { limit: 3 }))).toBe("ERR_SANDBOX_PAYLOAD_TOO_LARGE");
  });

  it("stops at the depth limit on both sides", () => {
    const nest = (levels: number) => {
      let value: unknown = 0;
      for (let i = 0; i < levels; i++) value = [value];
      return value;
    };
    expect(roundTrip(nest(MAX_WIRE_DEPTH))).toBeTruthy();
    expect(codeOf(() => encodeWire(nest(MAX_WIRE_DEPTH + 1), LIMIT))).toBe("ERR_SANDBOX_PAYLOAD_TOO_LARGE");
    expect(codeOf(() => decodeWire(encodeWire(nest(20), LIMIT), { depth: 10 }))).toBe("ERR_SANDBOX_PAYLOAD_TOO_LARGE");
  });
});
