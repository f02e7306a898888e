import v8 from "node:v8";
import { describe, expect, it } from "vitest";
import { fakeRealm } from "../testing.ts";
import { brands } from "./brands.ts";
import { noSideEffectsToString } from "./no-side-effects.ts";
import { V8Deserializer } from "./v8-deserializer.ts";
import { V8Serializer } from "./v8-serializer.ts";

const realm = fakeRealm();

function serialize(value: unknown): Uint8Array {
  const serializer = new V8Serializer({
    isHostObject: () => false,
    writeHostObject: () => {
      throw new Error("no host objects here");
    },
    sharedArrayBufferId: () => 0,
    cloneError: (message) => new Error(message),
    types: brands,
    describe: (subject) => noSideEffectsToString(subject, realm),
  });
  serializer.header();
  serializer.write(value);
  return serializer.out.release();
}

function deserialize(bytes: Uint8Array): unknown {
  const reader = new V8Deserializer(bytes, {
    readHostObject: () => {
      throw new Error("no host objects here");
    },
    sharedArrayBuffer: () => ({}),
    fail: (message) => {
      throw new Error(message);
    },
  });
  reader.header();
  return reader.read();
}

/** The bytes of V8 itself; its `v8.serialize` writes views its own way, so the plain Serializer is used. */
function native(value: unknown): Uint8Array {
  const serializer = new v8.Serializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

// TypeScript knows the flag from a later target on.
const argumentsObject: unknown = new Function("return arguments")(1, 2);
const unicodeSets = new RegExp("[a--b]", `${"v"}`);
const cyclic: Record<string, unknown> = { a: 1 };
cyclic.self = cyclic;
cyclic.list = [cyclic, { b: cyclic }];
const shared = { x: 1 };
const errorWithCause = new TypeError("bad", { cause: { why: 1 } });
const buffer = new ArrayBuffer(8);

const VALUES: Record<string, unknown> = {
  primitives: {
    a: undefined,
    b: null,
    c: true,
    d: false,
    e: 1,
    f: -1,
    g: 2 ** 30,
    h: -(2 ** 31),
    i: 2 ** 31,
    j: 1.5,
    k: -0,
    l: Number.NaN,
  },
  strings: ["", "abc", "caf\u00e9", "\u20ac", "x\u0100y", "\ud83d\ude00", "\ud800"],
  "aligned wide strings": { a: "\u0100", bb: "\u0100\u0101", ccc: "\u20ac", list: ["x", "\u20ac", "xy", "\u20ac"] },
  bigints: [0n, 1n, -1n, 2n ** 63n, 2n ** 64n, -(2n ** 130n) + 5n],
  json: { name: "x", list: [1, 2, 3, { deep: [[], {}] }], "": 0, "key with space": "v" },
  "integer keys": { 3: "c", 1: "a", x: 1, 4000000000: 2, "01": 3, "-1": 4 },
  "dense arrays": [[], [1, 2], [1.5, 2], ["a", 1], [[1]], [-0, 1]],
  "arrays with properties": Object.assign([1, 2], { extra: true }),
  dates: [new Date(0), new Date(1.5e12), new Date(Number.NaN)],
  regexps: [/a/, /b\/c/gi, /\u{1f600}/u, /x/dgimsy, unicodeSets],
  boxed: [Object(1), Object("s"), Object(true), Object(false), Object(5n)],
  maps: new Map<unknown, unknown>([
    [1, "a"],
    ["k", new Map()],
    [shared, shared],
  ]),
  sets: new Set([1, "a", shared, new Set()]),
  cyclic,
  "shared references": [shared, shared, { shared }],
  "array buffers": [buffer, buffer, new ArrayBuffer(0)],
  views: [new Uint8Array(buffer, 2, 3), new Float64Array(buffer), new DataView(buffer, 1, 2), new Int16Array([1, -1])],
  errors: [new Error("e"), errorWithCause, new RangeError(""), new Error()],
};

describe("V8's serialization format", () => {
  for (const [name, value] of Object.entries(VALUES)) {
    it(`writes ${name} as V8 does`, () => {
      expect(Buffer.from(serialize(value)).toString("latin1")).toBe(Buffer.from(native(value)).toString("latin1"));
    });
    it(`reads ${name} written by V8`, () => {
      expect(deserialize(native(value))).toEqual(new v8.Deserializer(native(value)) && v8.deserialize(native(value)));
    });
  }

  it("reads arrays with holes", () => {
    const list: unknown[] = [1];
    list[5] = 2;
    expect(deserialize(native(list))).toStrictEqual(v8.deserialize(native(list)));
    expect(v8.deserialize(Buffer.from(serialize(list)))).toStrictEqual(v8.deserialize(native(list)));
  });

  it("refuses what V8 refuses, in its words", () => {
    const refused: unknown[] = [
      () => {},
      Symbol("x"),
      Promise.resolve(),
      new WeakMap(),
      new WeakSet(),
      new WeakRef({}),
      Object(Symbol("y")),
      (function* () {})(),
      [].values(),
      new Map().keys(),
      argumentsObject,
    ];
    const text = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return (error as Error).message;
      }
      return "accepted";
    };
    for (const value of refused) expect(text(() => serialize(value))).toBe(text(() => native(value)));
  });

  it("gives a value or an error for damaged bytes", () => {
    const bytes = serialize({ ...VALUES, cyclic });
    let state = 3;
    const next = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      return (state >>> 8) % below;
    };
    for (let round = 0; round < 5000; round++) {
      const damaged = bytes.slice(0, next(4) === 0 ? next(bytes.length) : bytes.length);
      for (let i = 0; i < 3; i++) damaged[next(damaged.length || 1)] = next(256);
      try {
        deserialize(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }
  });
});
