//// deepStrictEqual prints a diff
const assert = require("assert");
for (const [a, b] of [[{ a: 1, b: [1, 2, 3] }, { a: 1, b: [1, 5, 3] }], [[1, 2], [1, 2, 3]], ["multi\nline\ntext", "multi\nother\ntext"], [1, 2], [new Map([[1, 2]]), new Map([[1, 3]])], [{ a: undefined }, {}]])
  try { assert.deepStrictEqual(a, b); } catch (e) { console.log(e.name, e.code, e.operator, e.generatedMessage); console.log(e.message); }

//// strictEqual of primitives, objects and long texts
const assert = require("assert");
for (const [a, b] of [[1, "1"], [NaN, 0], ["a".repeat(200), "a".repeat(199) + "b"], [{}, {}], [[1], [1]], [null, undefined], [-0, 0], ["a\nb", "a\nc"], [1n, 2n], [Symbol("a"), Symbol("a")]])
  try { assert.strictEqual(a, b); } catch (e) { console.log(e.message); console.log(e.actual === a, e.expected === b); }

//// long diffs are shortened
const assert = require("assert");
const a = Array.from({ length: 60 }, (_, i) => i);
const b = a.slice();
b[30] = "x";
b.push("end");
try { assert.deepStrictEqual(a, b); } catch (e) { console.log(e.message); }
try { assert.deepStrictEqual(Object.fromEntries(a.map((n) => [`k${n}`, n])), {}); } catch (e) { console.log(e.message); }

//// ok and the code of the call
const assert = require("assert");
for (const f of [() => assert.ok(0), () => assert(null), () => assert.ok(typeof 123 === "string"), () => assert.ok(), () => assert(false, "message"), () => assert.equal(1, 2)])
  try { f(); } catch (e) { console.log(e.name, e.message, e.generatedMessage, e.operator); }
try { assert.ok(false, new TypeError("own")); } catch (e) { console.log(e.name, e.message); }

//// throws: matching in every way
const assert = require("assert");
const fail = () => { throw Object.assign(new TypeError("wrong value"), { code: "E_X", info: { a: 1 } }); };
assert.throws(fail, TypeError);
assert.throws(fail, /wrong/);
assert.throws(fail, { name: "TypeError", message: /value$/, info: { a: 1 } });
assert.throws(fail, (e) => e.code === "E_X");
for (const f of [() => assert.throws(() => {}), () => assert.throws(() => {}, RangeError, "msg"), () => assert.throws(fail, RangeError), () => assert.throws(fail, /other/), () => assert.throws(fail, { code: "E_Y" }), () => assert.throws(fail, () => false), () => assert.throws(fail, {}), () => assert.throws("x"), () => assert.throws(fail, "wrong value"), () => assert.throws(fail, new Error("wrong value"))])
  try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message.split("\n").slice(0, 6).join("|")); }

//// rejects and doesNotReject
const assert = require("assert");
(async () => {
  await assert.rejects(Promise.reject(new Error("no")), /no/);
  await assert.rejects(async () => { throw new TypeError("t"); }, TypeError);
  await assert.doesNotReject(async () => 1);
  for (const f of [() => assert.rejects(Promise.resolve(1)), () => assert.rejects(async () => {}, TypeError), () => assert.doesNotReject(Promise.reject(new Error("bad")), "msg"), () => assert.rejects(() => 1), () => assert.rejects(1), () => assert.rejects(Promise.reject(new Error("x")), /y/)])
    await f().then(() => console.log("fine"), (e) => console.log(e.name, e.code, e.message));
})();

//// doesNotThrow and ifError
const assert = require("assert");
assert.doesNotThrow(() => 1);
assert.ifError(null);
for (const f of [() => assert.doesNotThrow(() => { throw new Error("inner"); }, "outer"), () => assert.doesNotThrow(() => { throw new TypeError("t"); }, TypeError, "typed"), () => assert.doesNotThrow(() => { throw new RangeError("r"); }, TypeError), () => assert.ifError(0), () => assert.ifError("text"), () => assert.ifError(new Error("given"))])
  try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message, e.generatedMessage); }

//// match and doesNotMatch
const assert = require("assert");
for (const f of [() => assert.match("abc", /b/), () => assert.match("abc", /x/), () => assert.match(5, /5/), () => assert.match("a", "a"), () => assert.doesNotMatch("abc", /b/), () => assert.doesNotMatch("abc", /x/), () => assert.match("a", /b/, "own"), () => assert.doesNotMatch(1, /x/)])
  try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// loose equality
const assert = require("assert");
for (const f of [() => assert.equal(1, "1"), () => assert.equal(NaN, NaN), () => assert.deepEqual({ a: 1 }, { a: "1" }), () => assert.deepEqual([1, [2]], [1, [3]]), () => assert.notEqual(1, true), () => assert.notDeepEqual({ a: 1 }, { a: "1" }), () => assert.deepEqual(new Date(0), new Date(1)), () => assert.deepEqual(new Set([1]), new Set(["1"])), () => assert.equal(null, undefined)])
  try { f(); console.log("fine"); } catch (e) { console.log(e.code, e.operator, e.message); }

//// not equal
const assert = require("assert");
for (const f of [() => assert.notStrictEqual(1, 1), () => assert.notDeepStrictEqual({ a: [1] }, { a: [1] }), () => assert.notStrictEqual({}, {}), () => assert.notDeepStrictEqual("a".repeat(3), "aaa"), () => assert.notStrictEqual("x\ny", "x\ny", "mine")])
  try { f(); console.log("fine"); } catch (e) { console.log(e.code, e.operator, e.message); }

//// deep equality of unusual things
const assert = require("assert");
const same = (a, b) => { try { assert.deepStrictEqual(a, b); return true; } catch { return false; } };
const loose = (a, b) => { try { assert.deepEqual(a, b); return true; } catch { return false; } };
class A { constructor() { this.x = 1; } }
for (const [a, b] of [[new A(), { x: 1 }], [[1, , 3], [1, undefined, 3]], [NaN, NaN], [-0, 0], [new Set([{}, {}]), new Set([{}, {}])], [new Map([[{}, 1]]), new Map([[{}, 1]])], [Object.create(null), {}], [/a/g, /a/], [new Error("a"), new Error("a")], [new Error("a", { cause: 1 }), new Error("a", { cause: 2 })], [Object("a"), Object("b")], [new Uint8Array([1]), Buffer.from([1])], [Symbol.for("x"), Symbol.for("x")], [new Number(NaN), new Number(NaN)], [() => {}, () => {}], [new Date(NaN), new Date(NaN)], [new WeakSet(), new WeakSet()], [new URL("http://a/"), new URL("http://b/")]])
  console.log(require("util").inspect(a).split("\n")[0], same(a, b), loose(a, b));

//// circular structures and getters
const assert = require("assert");
const make = (v) => { const o = { v, list: [1] }; o.self = o; o.list.push(o.list, o); return o; };
assert.deepStrictEqual(make(1), make(1));
try { assert.deepStrictEqual(make(1), make(2)); } catch (e) { console.log(e.message); }
assert.deepStrictEqual({ get a() { return 1; } }, { a: 1 });
console.log("getters are read");

//// partialDeepStrictEqual
const assert = require("assert");
process.on("warning", (w) => console.log(w.name));
for (const [a, b] of [[{ a: 1, b: 2 }, { a: 1 }], [{ a: { b: [1, 2, 3], c: 1 } }, { a: { b: [1, 3] } }], [new Set([1, 2]), new Set([2])], [new Map([["a", 1], ["b", 2]]), new Map([["b", 2]])], [{ a: 1 }, { a: 2 }], [{}, { a: 1 }]])
  try { assert.partialDeepStrictEqual(a, b); console.log("fine"); } catch (e) { console.log(e.code, e.operator, e.message); }

//// AssertionError built by hand
const { AssertionError } = require("assert");
const e = new AssertionError({ actual: 1, expected: 2, operator: "strictEqual" });
console.log(e.message, e.name, e.code, e.generatedMessage, Object.keys(e), e.toString(), e instanceof Error);
console.log(new AssertionError({ message: "own", actual: [1], expected: [2], operator: "custom" }).message, new AssertionError({ actual: 1, expected: 2, operator: ">" }).message);
for (const bad of [undefined, null, "x"]) try { new AssertionError(bad); } catch (e) { console.log(e.code, e.message); }

//// fail and its old form
const assert = require("assert");
process.on("warning", (w) => console.log(w.name, w.code));
for (const args of [[], ["message"], [new TypeError("own")], [1, 2], [1, 2, undefined, ">"], [1, 2, "three"]]) try { assert.fail(...args); } catch (e) { console.log(e.name, e.code, e.message, e.operator); }

//// CallTracker and strict
const assert = require("assert");
process.removeAllListeners("warning");
process.on("warning", () => {});
console.log(assert.strict.equal === assert.strictEqual, assert.strict.strict === assert.strict, require("assert/strict") === assert.strict, Object.keys(assert).sort().join(" "));
const tracker = new assert.CallTracker();
const f = tracker.calls((a) => a * 2, 2);
console.log(f(21), tracker.report().map((r) => [r.message, r.actual, r.expected, r.operator]), tracker.getCalls(f).map((c) => c.arguments));
try { tracker.verify(); } catch (e) { console.log(e.message); }
f(1);
tracker.verify();

//// an uncaught AssertionError ends with its diff
const assert = require("assert");
console.log("before");
assert.deepStrictEqual({ a: [1, 2, { b: "x" }] }, { a: [1, 2, { b: "y" }] }, undefined);

//// diffs with classes, symbols and quotes
const assert = require("assert");
class A { x = 1; }
class B { x = 1; }
for (const [a, b] of [[new A(), new B()], [[Symbol("a")], [Symbol("b")]], [{ "a-b": 'it\'s "q"' }, { "a-b": "it's" }], [[new Error("x")], [new Error("y")]], [new Set([1, { a: 1 }]), new Set([1, { a: 2 }])], [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]], ["", "a"], [{}, []]])
  try { assert.deepStrictEqual(a, b); console.log("fine"); } catch (e) { console.log(e.message.replace(/\n +at .*/g, "")); }
