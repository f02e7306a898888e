import { describe, expect, it } from "vitest";
import { decodeWire, encodeWire, WireError } from "./wire.ts";

const LIMIT = 1 << 20;

/** A small deterministic generator (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

const decodes = (bytes: Uint8Array): "value" | "refused" => {
  try {
    decodeWire(bytes);
    return "value";
  } catch (error) {
    if (error instanceof WireError) return "refused";
    throw error;
  }
};

const sample = encodeWire(
  {
    list: [1, "two", 3n, null, undefined, -0, [[]], new Date(5), /x/g],
    map: new Map([["k", new Set(["v"])]]),
    bytes: new Uint16Array([1, 2]),
    error: Object.assign(new TypeError("bad", { cause: 1 }), { code: "E" }),
  },
  LIMIT,
);

describe("hostile bytes", () => {
  it("give a value or a WireError for every truncation", () => {
    for (let length = 0; length < sample.length; length++) expect(decodes(sample.slice(0, length))).toBe("refused");
  });

  it("give a value or a WireError for random damage", () => {
    const next = random(1);
    let refused = 0;
    for (let round = 0; round < 30_000; round++) {
      const bytes = sample.slice();
      for (let i = next() % 4; i >= 0; i--) bytes[next() % bytes.length] = next() & 0xff;
      if (decodes(bytes) === "refused") refused++;
    }
    expect(refused).toBeGreaterThan(1000);
  });

  it("give a value or a WireError for noise", () => {
    const next = random(2);
    for (let round = 0; round < 30_000; round++) {
      const bytes = Uint8Array.from({ length: 1 + (next() % 40) }, (_, i) =>
        i === 0 ? 1 : next() % (i % 3 ? 20 : 256),
      );
      decodes(bytes);
    }
  });

  it("cannot claim more elements than there are bytes", () => {
    for (const tag of [7, 8, 11, 12, 13, 15, 16]) {
      expect(decodes(Uint8Array.from([1, tag, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toBe("refused");
    }
  });

  it("cannot nest errors past the depth limit in their scalar fields", () => {
    const prefix = [18, 7, 0, 7, 0];
    const bytes = [1];
    for (let i = 0; i < 100_000; i++) bytes.push(...prefix);
    expect(decodes(Uint8Array.from(bytes))).toBe("refused");
  });

  it("cannot reach a prototype through __proto__, constructor or toJSON keys", () => {
    const value = decodeWire(
      encodeWire(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'), LIMIT),
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value as object)).toEqual(["__proto__", "constructor"]);
  });

  it("runs no setter on Object.prototype or Array.prototype", () => {
    const bytes = encodeWire({ trap: 1, list: [1] }, LIMIT);
    let ran = 0;
    const trap = { set: () => void ran++, configurable: true };
    Object.defineProperty(Object.prototype, "trap", trap);
    Object.defineProperty(Array.prototype, "0", trap);
    try {
      decodeWire(bytes);
    } finally {
      delete (Object.prototype as Record<string, unknown>).trap;
      delete (Array.prototype as unknown as Record<string, unknown>)["0"];
    }
    expect(ran).toBe(0);
  });
});
