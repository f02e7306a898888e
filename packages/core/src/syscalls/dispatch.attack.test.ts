import { Buffer } from "node:buffer";
import { type Codec, entries, isWireFailure, type Need } from "@vivarium/bridge/contract";
import { describe, expect, it } from "vitest";
import { SyscallFailure } from "../errors/failure.ts";
import { exactBytes, type HandlerTable, makeDispatch, type Powers } from "./dispatch.ts";

const CALLS = 20_000;
const SEED = 20_260_717;

/** A small generator of numbers (mulberry32), so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const huge = new Uint8Array(0);
Object.defineProperty(huge, "buffer", { value: { byteLength: 2 ** 40 } });
const cyclic: unknown[] = [];
cyclic.push(cyclic);

/** What structured clone may bring, and more. */
const VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  -1,
  1,
  5,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0.5,
  10n,
  -(2n ** 70n),
  "",
  "/",
  "/etc/passwd",
  "../../..",
  "a\0b",
  "x".repeat(20_000),
  "\ud800",
  "__proto__",
  "constructor",
  Symbol("s"),
  new Uint8Array(0),
  new Uint8Array(3),
  Buffer.from("pooled"),
  new Uint8Array(new SharedArrayBuffer(8)),
  new Uint8Array(64).subarray(10, 12),
  huge,
  new Uint16Array(2),
  new DataView(new ArrayBuffer(2)),
  new ArrayBuffer(4),
  [],
  [1, "x", null],
  [[1]],
  [{}],
  cyclic,
  new Array(1000),
  [new Uint8Array(2)],
  {},
  { length: 5, 0: "x" },
  Object.create(null),
  new Map(),
  new Set(),
  new Date(),
  /x/,
  new Error("x"),
  () => 1,
  Promise.resolve(1),
  JSON.parse('{"__proto__": {"a": 1}}'),
];

const MAX = 64 * 1024 * 1024;
const isScalar = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  ["boolean", "number", "string"].includes(typeof value) ||
  value instanceof Uint8Array;

/** What every handler may rely on, by codec. */
const DECLARED: Readonly<Record<string, (value: unknown) => boolean>> = {
  int: Number.isSafeInteger,
  num: (value) => typeof value === "number" && !Number.isNaN(value),
  bool: (value) => typeof value === "boolean",
  str: (value) => typeof value === "string" && value.length <= MAX,
  path: (value) => typeof value === "string" && !value.includes("\0") && value.length <= 16 * 1024,
  bytes: (value) => value instanceof Uint8Array && value.byteLength <= MAX,
  list: (value) => Array.isArray(value) && value.every(isScalar),
  none: (value) => value === undefined,
};

function expectDeclared({ name }: Codec, value: unknown): void {
  if (name.endsWith("?") && value === undefined) return;
  const fits = DECLARED[name.replace("?", "")];
  if (fits === undefined) throw new Error(`no check for the codec ${name}`);
  expect([name, fits(value)]).toEqual([name, true]);
}

interface Fuzz {
  readonly dispatch: ReturnType<typeof makeDispatch>;
  readonly bugs: string[];
  readonly handled: Map<string, number>;
  readonly later: { readonly token: number; readonly start: () => Promise<unknown> }[];
}

/** Handlers that check what they are given, and answer, fail or break as `next` says. */
function setUp(next: () => number): Fuzz {
  const handled = new Map<string, number>();
  const bugs: string[] = [];
  const later: Fuzz["later"][number][] = [];
  const table: Record<string, Record<string, unknown>> = {};
  for (const { group, key, name, declaration } of entries) {
    table[group] ??= {};
    const { args: codecs, needs, mode, result } = declaration;
    table[group][key] = (grants: readonly unknown[], ...args: unknown[]) => {
      handled.set(name, (handled.get(name) ?? 0) + 1);
      expect(args.length).toBe(codecs.length);
      for (const [index, codec] of codecs.entries()) expectDeclared(codec, args[index]);
      expect(grants.length).toBe(needs ? (needs as (...all: unknown[]) => readonly Need[])(...args).length : 0);
      const way = next();
      if (way < 0.1) throw new SyscallFailure("EIO");
      if (way < 0.2) throw new TypeError("a mistake of ours that names /host/path");
      const value = "opaque" in result ? "opaque" : "packed" in result ? [1, 2, 3] : Buffer.from("pooled result");
      return mode === "async" ? Promise.resolve(value) : value;
    };
  }
  const powers: Powers = {
    grantAll: (needs) => {
      if (next() < 0.2) throw new SyscallFailure("EACCES");
      return needs.map(() => ({}) as never);
    },
    charge: (calls, bytes) => {
      expect(Number.isFinite(calls) && Number.isFinite(bytes) && bytes >= 0).toBe(true);
      if (next() < 0.02) throw new SyscallFailure("ERR_SANDBOX_BUDGET_EXCEEDED");
    },
    later: (token, start) => {
      if (next() < 0.2) throw new SyscallFailure("ERR_SANDBOX_BUDGET_EXCEEDED");
      later.push({ token, start });
    },
    bug: (name) => void bugs.push(name),
  };
  return { dispatch: makeDispatch(table as HandlerTable, powers), bugs, handled, later };
}

/** A result as it may cross: flat data, and bytes with nothing around them. */
function expectWire(answer: unknown): void {
  if (isWireFailure(answer)) {
    for (const part of answer as readonly unknown[])
      expect(part === null || part === undefined || typeof part === "string").toBe(true);
    expect(JSON.stringify(answer)).not.toContain("/host/path");
    return;
  }
  for (const item of Array.isArray(answer) ? answer : [answer]) {
    expect(isScalar(item)).toBe(true);
    if (item instanceof Uint8Array) expect(item.buffer.byteLength).toBe(item.byteLength);
  }
}

describe("dispatch, called as no client of ours would", () => {
  it(`answers ${CALLS} random calls with data or a wire failure, and hands handlers only what they declared`, () => {
    const next = random(SEED);
    const pick = (): unknown => VALUES[Math.floor(next() * VALUES.length)];
    const { dispatch, bugs, handled } = setUp(next);
    for (let call = 0; call < CALLS; call++) {
      const wild = next() < 0.05;
      const number = wild ? pick() : Math.floor(next() * (entries.length + 2));
      const count = Math.floor(next() * 8);
      let answer: unknown;
      try {
        answer = dispatch(number as number, Array.from({ length: count }, pick));
      } catch (error) {
        throw new Error(`call ${call} of syscall ${String(number)} threw: ${String(error)}`);
      }
      expectWire(answer);
    }
    expect(bugs.filter((name) => name === "?")).toEqual([]);
    expect(handled.size).toBeGreaterThan(entries.length / 3);
  });

  it("reaches every handler with arguments that fit, so the fuzz is not all refusals", () => {
    const fitting: Readonly<Record<string, unknown>> = {
      int: 1,
      num: 1,
      bool: true,
      str: "x",
      path: "/x",
      bytes: new Uint8Array(1),
      list: [],
      none: undefined,
    };
    const { dispatch, handled } = setUp(() => 0.5);
    for (const { number, declaration } of entries) {
      const args = declaration.args.map(({ name }) => fitting[name.replace("?", "")]);
      expectWire(dispatch(number, declaration.mode === "async" ? [1, ...args] : args));
    }
    const asynchronous = entries.filter(({ declaration }) => declaration.mode === "async").length;
    expect(handled.size).toBe(entries.length - asynchronous);
  });

  it("answers an unknown number with ENOSYS", () => {
    const { dispatch } = setUp(() => 0.5);
    for (const number of [
      -1,
      entries.length,
      1e9,
      Number.NaN,
      "0x",
      "length",
      "__proto__",
      "constructor",
      undefined,
      null,
    ]) {
      expect(dispatch(number as number, [])).toEqual([null, "ENOSYS", undefined, undefined]);
    }
  });

  it("tells nothing of a handler's own mistake but EIO", () => {
    const { dispatch, bugs } = setUp(() => 0.15);
    const clock = entries.find(({ declaration }) => declaration.args.length === 0 && declaration.mode === "sync");
    expect(dispatch(clock?.number ?? -1, [])).toEqual([null, "EIO", undefined, undefined]);
    expect(bugs).toEqual([clock?.name]);
  });

  it("begins no asynchronous call that there is no room for, and takes only whole numbers as tokens", () => {
    const call = entries.find(({ name }) => name === "bindings.call");
    const { dispatch, handled, later } = setUp(() => 0.1);
    expect(isWireFailure(dispatch(call?.number ?? -1, [1, "t.f", new Uint8Array(1)]))).toBe(true);
    expect([handled.size, later.length]).toEqual([0, 0]);
    const roomy = setUp(() => 0.5);
    for (const token of [undefined, "1", {}, 1.5, Number.NaN]) {
      expect(isWireFailure(roomy.dispatch(call?.number ?? -1, [token, "t.f", new Uint8Array(1)]))).toBe(true);
    }
    expect(roomy.later.length).toBe(0);
  });

  it("gives asynchronous answers backing stores of their own size", async () => {
    const call = entries.find(({ name }) => name === "bindings.call");
    const { dispatch, later } = setUp(() => 0.5);
    dispatch(call?.number ?? -1, [7, "t.f", new Uint8Array(1)]);
    const [started] = later;
    const bytes = (await started?.start()) as Uint8Array;
    expect([started?.token, Buffer.from(bytes).toString()]).toEqual([7, "pooled result"]);
    expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
  });
});

describe("exactBytes", () => {
  it("leaves the pool behind", () => {
    const secret = Buffer.from("secret-of-the-host");
    for (const value of [
      Buffer.from("a"),
      Buffer.from("abc").subarray(1),
      new Uint8Array(9).subarray(3),
      Buffer.alloc(4),
      Buffer.alloc(0),
    ]) {
      const exact = exactBytes(value);
      expect(exact.buffer.byteLength).toBe(value.byteLength);
      expect([...exact]).toEqual([...value]);
      expect(Buffer.from(exact.buffer as ArrayBuffer).includes(secret)).toBe(false);
    }
  });
});
