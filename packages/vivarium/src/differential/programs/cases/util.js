//// inspect: plain values
const { inspect } = require("util");
for (const v of [0, -0, 1e21, 10n, "a'b", `a'b"c`, "line\nbreak", Symbol("s"), Symbol.iterator, null, undefined, true, NaN]) console.log(inspect(v), inspect([v]));
console.log(inspect(1234567.891, { numericSeparator: true }), inspect(123456789n, { numericSeparator: true }));

//// inspect: objects, depth and circles
const { inspect } = require("util");
const o = { a: { b: { c: { d: 1 } } }, "not-id": 1, 5: 2, [Symbol("k")]: 3 };
o.self = o;
o.a.up = o.a;
console.log(inspect(o), inspect(o, { depth: 0 }), inspect(o, { depth: Infinity, compact: false }));
console.log(inspect(Object.create(null)), inspect(Object.create({})), inspect(new (class Foo extends null { constructor() { return Object.create(Foo.prototype); } })()));

//// inspect: arrays and typed arrays
const { inspect } = require("util");
const holes = [1, , 3, , ,];
holes.extra = true;
console.log(holes, new Array(200).fill(1), inspect([1, 2, 3, 4], { maxArrayLength: 2 }));
console.log(new Uint8Array(3), new Float64Array([1.5, -0, NaN]), new BigInt64Array(1), new ArrayBuffer(4), new DataView(new ArrayBuffer(2), 1), Buffer.from("hi"));
console.log(inspect(new Uint8Array(2), { showHidden: true }));

//// inspect: maps, sets, iterators
const { inspect } = require("util");
const map = new Map([["a", 1], [{ k: 1 }, new Set([1, [2]])]]);
console.log(map, map.entries(), map.keys(), new Set("ab").values(), [1, 2][Symbol.iterator](), "x"[Symbol.iterator](), new WeakMap(), new WeakSet());
console.log(inspect(map, { showHidden: true }), inspect(new Map([[1, 2], [3, 4]]), { maxArrayLength: 1 }));
console.log(inspect(new Set([3, 1, 2]), { sorted: true }), "abab".matchAll(/a/g));

//// inspect: functions and classes
class A {}
class B extends A { static s = 1; }
const f = function () {};
f.x = 1;
console.log(A, B, f, () => {}, async () => {}, function* g() {}, async function* h() {}, Math.max, class {}, Object.defineProperty(() => {}, "name", { value: 1 }));
console.log([A, f], Object.setPrototypeOf(function n() {}, null), Function.prototype, new Proxy(f, {}), function () {}.bind());

//// inspect: getters and proxies
const { inspect } = require("util");
const o = { get a() { return { x: 1 }; }, set b(v) {}, get c() { throw new Error("c fails"); }, set c(v) {} };
console.log(inspect(o), inspect(o, { getters: true }), inspect(o, { getters: "get" }), inspect(o, { getters: "set" }));
const p = new Proxy({ t: 1 }, { get() { throw new Error("trap"); } });
console.log(inspect(p), inspect(p, { showProxy: true }), inspect(new Proxy([1], {}), { showProxy: 1 }));

//// inspect: promises in every state
const { inspect } = require("util");
const rejected = Promise.reject(new TypeError("no").message);
rejected.catch(() => {});
class MyPromise extends Promise {}
console.log(Promise.resolve({ a: 1 }), new Promise(() => {}), rejected, MyPromise.resolve(1), inspect([Promise.resolve(1)], { depth: 0 }));
(async () => {})().then((v) => console.log(v));

//// inspect: errors with causes, fields and names
const { inspect } = require("util");
const inner = new RangeError("inner");
const outer = new Error("outer", { cause: inner });
outer.code = "E_OUT";
console.log(inspect(outer).replace(/\n +at .*/g, ""));
class Own extends Error { name = "Renamed"; }
console.log(inspect(new Own("m")).replace(/\n +at .*/g, ""), inspect(new AggregateError([new Error("x")], "agg")).replace(/\n +at .*/g, ""));
const noStack = new Error("bare");
noStack.stack = undefined;
const odd = new TypeError("t");
odd.stack = "own stack";
console.log(noStack, odd, [odd], Object.assign(new Error(""), { stack: "Error" }));

//// inspect: errors in depth print their stack
const err = new Error("here");
console.log(err);
console.log({ err });
console.log(require("util").inspect(err, { colors: true }));

//// inspect: dates, regular expressions, boxes, symbols
const invalid = new Date(NaN);
const date = new Date(0);
date.extra = 1;
console.log(new Date(86400000), date, invalid, /a\/b/giu, Object.assign(/x/, { y: 1 }), new String("box"), new Number(-0), new Boolean(false), Object(1n), Object(Symbol("s")));
console.log(Object.assign(new String("ab"), { k: 1 }), globalThis[Symbol.toStringTag], (function () { return arguments; })(1, 2), Math, JSON, Reflect, Intl, Atomics);

//// inspect: custom inspectors
const { inspect } = require("util");
class Money {
  constructor(n) { this.n = n; }
  [inspect.custom](depth, options, inner) { return `Money<${inner(this.n, options)}, ${depth}, ${options.stylize("x", "string")}>`; }
}
console.log(new Money(5), [new Money({ deep: {} })], inspect(new Money(1), { customInspect: false }), inspect({ m: new Money(1) }, { depth: 0, colors: true }));
console.log({ [inspect.custom]: () => ({ replaced: 1 }) }, { [inspect.custom]() { return null; } }, { inspect() { return "old way"; } });

//// inspect: breakLength, compact, sorted, maxStringLength
const { inspect } = require("util");
const o = { zeta: "z".repeat(30), alpha: ["a".repeat(30), "b".repeat(30)], beta: { x: 1, y: { z: 2 } } };
for (const options of [{}, { breakLength: 40 }, { breakLength: Infinity }, { compact: 1 }, { compact: true }, { compact: false }, { sorted: true }, { sorted: (a, b) => (a < b ? 1 : -1) }, { maxStringLength: 5 }]) console.log(inspect(o, options));
console.log(inspect("x".repeat(50), { maxStringLength: 10 }), inspect(Array(30).fill("word")), inspect(Array.from({ length: 101 }, (_, i) => i)));

//// inspect: class instances, null prototypes, toStringTag
const { inspect } = require("util");
class A { #private = 1; public = 2; static #s = 1; get x() { return 1; } }
class B extends A { get [Symbol.toStringTag]() { return "Tagged"; } }
console.log(new A(), new B(), inspect(new B(), { showHidden: true }), Object.setPrototypeOf(new Map([[1, 2]]), null), Object.setPrototypeOf([1], null));
console.log(Object.create(A.prototype), Object.create(Object.create(A.prototype)), { [Symbol.toStringTag]: "T" }, { constructor: "x" }, new (class extends Array {})(3), new (class M extends Map {})());

//// inspect: colours
const { inspect } = require("util");
console.log(inspect({ s: "s", n: 1, b: true, u: undefined, z: null, y: Symbol("q"), d: new Date(0), r: /r/, f() {}, g: 1n, [Symbol("k")]: 1, get a() { return 1; } }, { colors: true }));
console.log(inspect.styles, Object.keys(inspect.colors).length, inspect.defaultOptions);

//// format
const { format, formatWithOptions } = require("util");
console.log(format("%s %s %s %s %s", "a", 1, -0, 10n, Symbol("s")), format("%s|%s|%s|%s", { a: { b: {} } }, [1, [2]], () => 1, class Q {}));
console.log(format("%d %d %d %i %i %f %f", "42", "x", 5n, "3.9", 7n, "1.5", Symbol("f")), format("%j", { a: 1 }), format("%o", { f() {} }), format("%O", { a: { b: { c: { d: {} } } } }));
const circle = {};
circle.c = circle;
console.log(format("%j", circle), format("%c styled", "css"), format("%%|%x|%"), format("a", "b", { c: 1 }, null), format(1, 2, "3"), format(), formatWithOptions({ colors: true }, "%s %O", "x", { n: 1 }));
console.log(format("%s", { toString: () => "own" }), format("%s", new (class X { toString() { return "cls"; } })()), format("%s", new Error("e").message), format("%s", null, undefined));

//// promisify and callbackify
const { promisify, callbackify } = require("util");
const slow = (value, done) => setImmediate(done, value === "bad" ? new Error("bad") : null, value, "second");
promisify(slow)("ok").then((v) => console.log("got", v)).then(() => promisify(slow)("bad")).catch((e) => console.log("caught", e.message)).then(() => {
  slow[promisify.custom] = () => Promise.resolve("custom");
  return promisify(slow)("x");
}).then(console.log).then(() => {
  callbackify(async (x) => x * 2)(21, (error, value) => console.log("callback", error, value));
  callbackify(() => Promise.reject(null))((error) => console.log(error.name, error.code, error.message, error.reason));
  callbackify(async () => { throw new TypeError("t"); })((error) => console.log(error.name, error.message));
});
console.log(promisify(setTimeout) === require("timers/promises").setTimeout, promisify(slow).name, callbackify(async function named() {}).name, callbackify(async (a, b) => {}).length);
for (const bad of [1, null, undefined]) for (const f of [promisify, callbackify]) try { f(bad); } catch (e) { console.log(e.code, e.message); }

//// parseArgs
const { parseArgs } = require("util");
const options = { verbose: { type: "boolean", short: "v" }, name: { type: "string", short: "n", default: "anon" }, tag: { type: "string", multiple: true } };
console.log(parseArgs({ args: ["-v", "--name=x", "--tag", "a", "--tag=b"], options }));
console.log(parseArgs({ args: ["-vn", "y", "pos", "--", "-z"], options, allowPositionals: true, tokens: true }));
console.log(parseArgs({ args: ["--no-verbose", "--unknown", "v"], options, strict: false, allowNegative: true }));
for (const args of [["--nope"], ["--name"], ["pos"], ["--verbose=1"], ["-x"], ["--name", "-v"]]) try { parseArgs({ args, options }); } catch (e) { console.log(e.code, e.message); }

//// styleText and stripVTControlCharacters
const { styleText, stripVTControlCharacters } = require("util");
console.log(JSON.stringify(styleText("red", "r", { validateStream: false })), JSON.stringify(styleText(["bold", "underline"], "x", { validateStream: false })));
console.log(stripVTControlCharacters("\u001b[31mred\u001b[39m \u001b]8;;http://x\u0007link\u001b]8;;\u0007"));
for (const bad of ["nocolor", 5, ["red", "x"]]) try { styleText(bad, "x"); } catch (e) { console.log(e.code, e.message.slice(0, 80)); }
try { styleText("red", 5); } catch (e) { console.log(e.code, e.message); }

//// types
const { types } = require("util");
const values = { date: new Date(), re: /x/, map: new Map(), set: new Set(), weak: new WeakMap(), promise: Promise.resolve(), proxy: new Proxy({}, {}), error: new Error(), args: (function () { return arguments; })(), gen: (function* () {})(), genf: function* () {}, asyncf: async () => {}, ab: new ArrayBuffer(1), sab: new SharedArrayBuffer(1), u8: new Uint8Array(1), dv: new DataView(new ArrayBuffer(1)), box: Object(1), sym: Object(Symbol()), mi: new Map().keys(), si: new Set().values(), plain: {}, big: Object(1n), buf: Buffer.alloc(1), sub: class extends Error {} };
for (const [name, value] of Object.entries(values)) console.log(name, Object.keys(types).filter((t) => types[t](value)));
console.log(Object.keys(types).filter((t) => [1, "s", null, undefined].some((v) => types[t](v))));

//// deprecate warns once
const { deprecate } = require("util");
process.on("warning", (w) => console.log("warning", w.name, w.code, w.message));
const f = deprecate((a) => a + 1, "f is old", "DEP_F");
const g = deprecate(function named() {}, "g is old", "DEP_F");
class C {}
const D = deprecate(C, "C is old");
console.log(f(1), f(2), g(), new D() instanceof C, f.name, Object.getPrototypeOf(f).name);
process.nextTick(() => console.log("later"));

//// isDeepStrictEqual
const { isDeepStrictEqual: same } = require("util");
const circle = () => { const o = { a: [1] }; o.o = o; return o; };
console.log(same(circle(), circle()), same([1, , 2], [1, undefined, 2]), same(0, -0), same(NaN, NaN), same({ a: undefined }, {}), same(new Set([{ a: 1 }, 2]), new Set([2, { a: 1 }])));
console.log(same(new Map([[{ k: 1 }, 1]]), new Map([[{ k: 1 }, 1]])), same(new Date(0), new Date(0)), same(/a/g, /a/i), same(Object(1), Object(1)), same([1], { 0: 1 }), same(new Error("a"), new Error("a")), same(new Error("a"), new TypeError("a")));
console.log(same(Buffer.from("a"), new Uint8Array([97])), same(new Float32Array([-0]), new Float32Array([0])), same(Symbol.for("a"), Symbol.for("a")), same({ [Symbol.for("x")]: 1 }, {}), same(new WeakMap(), new WeakMap()), same(Object.create(null), {}));

//// MIMEType
const { MIMEType } = require("util");
const m = new MIMEType("Text/HTML; charset=\"utf-8\"; x=a b;y");
console.log(m.type, m.subtype, m.essence, [...m.params], String(m), JSON.stringify({ m }), m);
m.type = "application";
m.params.set("q", "needs quotes");
m.params.delete("charset");
console.log(String(m), m.params.get("q"), m.params.has("x"), String(m.params));
for (const bad of ["", "text", "text/", "/x", "te xt/y"]) try { new MIMEType(bad); } catch (e) { console.log(e.code, e.message); }

//// TextDecoder and TextEncoder of util
const { TextDecoder, TextEncoder } = require("util");
console.log(TextDecoder === globalThis.TextDecoder, new TextEncoder().encodeInto("a€😀", new Uint8Array(5)), new TextEncoder().encode("\ud800"), new TextEncoder());
for (const [label, bytes] of [["utf-8", [0xef, 0xbb, 0xbf, 65, 0xff]], ["utf-16le", [65, 0, 0x3d, 0xd8]], ["latin1", [0xe4, 0x80]], ["utf-16be", [0, 65]], ["shift_jis", [0x82, 0xa0]], ["gbk", [0xc4, 0xe3]], ["koi8-r", [0xc1]]]) {
  const d = new TextDecoder(label);
  console.log(label, d.encoding, d.fatal, d.ignoreBOM, escape(d.decode(new Uint8Array(bytes))));
}
for (const f of [() => new TextDecoder("nope"), () => new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([0xff])), () => new TextDecoder().decode("text")]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }
console.log(new TextDecoder("utf8", { ignoreBOM: true }));

//// inherits, aborted, getSystemErrorName, getCallSites, toUSVString, debuglog
const util = require("util");
function Base() {}
Base.prototype.hi = () => "hi";
function Derived() {}
util.inherits(Derived, Base);
console.log(new Derived().hi(), Derived.super_ === Base, util.getSystemErrorName(-2), util.getSystemErrorMap().get(-13), util.toUSVString("a\ud800b"), util.debuglog("x").enabled);
for (const f of [() => util.inherits(1, Base), () => util.inherits(Derived, {}), () => util.getSystemErrorName(5), () => util.getSystemErrorName("x")]) try { f(); } catch (e) { console.log(e.code, e.message); }
const sites = (function where() { return util.getCallSites(2); })();
console.log(sites.map((s) => [s.functionName, s.lineNumber, s.column ?? s.columnNumber, s.scriptName.endsWith("program.cjs")]));
console.log(util.getSystemErrorMessage?.(-2), Object.keys(util).sort().join(" "));

//// debuglog with NODE_DEBUG
process.env.NODE_DEBUG = "late";
const { debuglog } = require("util");
const log = debuglog("other", (real) => console.log("made", real.enabled));
log("not printed %d", 1);
log("again");
console.log(log.enabled, debuglog.name, require("util").debug === debuglog);

//// parseEnv, diff and stripping of a byte order mark
const util = require("util");
console.log(util.parseEnv("A=1\nexport B='two words' # c\nC=\"x\\ny\"\n# no\nD=`q`\nE = spaced \nF\nG=a#b"));
console.log(util.diff?.("12345678", "12!!5!7!"), util.diff?.(["a", "b", "c"], ["a", "x", "c"]));
try { util.parseEnv(1); } catch (e) { console.log(e.code, e.message); }
