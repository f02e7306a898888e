import { types } from "node:util";
import vm from "node:vm";
import { describe, expect, it } from "vitest";
import { askNode, fakeRealm } from "../testing.ts";
import { type BrandName, brands } from "./brands.ts";
import { constructorName, ownNonIndexProperties } from "./inspection.ts";
import { stringWidth } from "./width.ts";

class SubPromise extends Promise<unknown> {}
class Tagged {
  get [Symbol.toStringTag]() {
    return "Error";
  }
}
const args: unknown = new Function("return arguments")(1, 2);
const taggedError = Object.assign(new Error("x"), { [Symbol.toStringTag]: "Odd" });

const VALUES: Record<string, unknown> = {
  undefined: undefined,
  null: null,
  number: 1,
  string: "s",
  symbol: Symbol("x"),
  plain: {},
  bare: Object.create(null),
  array: [],
  args,
  fake: { length: 1, callee: 1, [Symbol.toStringTag]: "Arguments" },
  fn: () => {},
  klass: class A {},
  asyncFn: async () => {},
  asyncMethod: { async m() {} }.m,
  boundAsync: (async () => {}).bind(null),
  generatorFn: function* () {},
  asyncGeneratorFn: async function* () {},
  generator: (function* () {})(),
  asyncGenerator: (async function* () {})(),
  generatorPrototype: function* () {}.prototype,
  promise: Promise.resolve(),
  subPromise: SubPromise.resolve(1),
  notPromise: Object.create(Promise.prototype),
  frozenPromise: Object.freeze(Promise.resolve()),
  error: new TypeError("x"),
  taggedError,
  notError: Object.create(Error.prototype),
  tagged: new Tagged(),
  domException: new DOMException("x"),
  map: new Map(),
  set: new Set(),
  weakMap: new WeakMap(),
  weakSet: new WeakSet(),
  mapIterator: new Map().keys(),
  setIterator: new Set().values(),
  date: new Date(),
  regexp: /x/,
  regexpPrototype: RegExp.prototype,
  boxedNumber: Object(1),
  boxedString: Object("s"),
  boxedBoolean: Object(false),
  boxedBigInt: Object(1n),
  boxedSymbol: Object(Symbol()),
  arrayBuffer: new ArrayBuffer(1),
  shared: new SharedArrayBuffer(1),
  bytes: new Uint8Array(1),
  view: new DataView(new ArrayBuffer(1)),
  nullMap: Object.setPrototypeOf(new Map(), null),
  nullDate: Object.setPrototypeOf(new Date(), null),
  otherRealmError: vm.runInNewContext("new Error('x')"),
  otherRealmMap: vm.runInNewContext("new Map()"),
};

describe("type tests without native help", () => {
  for (const name of Object.keys(brands) as BrandName[]) {
    it(`${name} answers as util.types does`, () => {
      const native = types[name as keyof typeof types] as (value: unknown) => boolean;
      for (const [label, value] of Object.entries(VALUES)) {
        if (label === "frozenPromise" && name === "isPromise") continue;
        expect(brands[name](value), label).toBe(native(value));
      }
    });
  }

  it("leave what they look at as it was", () => {
    const promise = Promise.resolve();
    brands.isPromise(promise);
    brands.isNativeError(taggedError);
    expect(Reflect.ownKeys(promise)).toEqual([]);
    expect(Object.getOwnPropertyDescriptor(taggedError, Symbol.toStringTag)?.value).toBe("Odd");
  });
});

describe("inspection", () => {
  it("names constructors as V8 does", () => {
    const realm = fakeRealm();
    const scripts = [
      "new (class Foo {})",
      "Object.create({})",
      "Object.create(null)",
      "(function () { return arguments })()",
      "Object.setPrototypeOf(new Map, null)",
      "Object.setPrototypeOf(new Uint8Array, null)",
      "Object.setPrototypeOf(new Error('x'), null)",
      "Object.setPrototypeOf([], null)",
      "Object.setPrototypeOf(() => {}, null)",
      "({ constructor: { name: 'x' } })",
      "({ constructor: function zz() {} })",
      "new (class extends Map {})",
      "Promise.resolve()",
    ];
    const expected = askNode<string[]>(
      `answer(${JSON.stringify(scripts)}.map((s) => internalBinding('util').getConstructorName((0, eval)(s))))`,
    );
    const actual = scripts.map((script) => constructorName(new Function(`return ${script}`)() as object, realm));
    expect(actual).toEqual(expected);
  });

  it("lists keys that are no array index", () => {
    const value = Object.assign([1], { a: 1, 4294967295: 1, 4294967294: 2, "01": 1, "-1": 1 });
    expect(ownNonIndexProperties(value, 0)).toEqual(["length", "a", "4294967295", "01", "-1"]);
    expect(ownNonIndexProperties(value, 2)).toEqual(["a", "4294967295", "01", "-1"]);
  });
});

describe("stringWidth", () => {
  it("counts every code point as Node does", () => {
    const native = askNode<number[]>(
      "const { getStringWidth } = internalBinding('icu'); const out = []; for (let c = 0x80; c < 0x30000; c++) out.push(getStringWidth(String.fromCodePoint(c), false, true)); answer(out)",
    );
    const wrong: string[] = [];
    native.forEach((width, i) => {
      if (stringWidth(String.fromCodePoint(i + 0x80)) !== width) wrong.push((i + 0x80).toString(16));
    });
    expect(wrong).toEqual([]);
  });
});
