//// an uncaught error ends with source, caret and stack
function outer() {
  inner({ a: 1 });
}
function inner(o) {
  throw Object.assign(new TypeError("deep down"), { code: "E_MINE", info: o });
}
outer();

//// an uncaught text, number or object ends with code 1
process.on("exit", (c) => console.log("exit", c));
throw { not: "an error", nested: [1, 2] };

//// an uncaught null ends with code 1
throw null;

//// an uncaught error with a cause and an aggregate ends with all of them
const inner = new RangeError("inner");
const e = new AggregateError([new Error("first"), "second"], "many", { cause: inner });
e.extra = { k: 1 };
throw e;

//// a syntax error in the program ends with its place
console.log("never");
const a = (1, 2;
console.log(a);

//// a ReferenceError in a callback ends with the callback's stack
setTimeout(function later() {
  console.log("about to");
  missing.property;
}, 1);

//// an error with an own stack, a getter or no stack ends so
const e = new Error("message");
e.stack = "own stack\n    at nowhere";
Object.defineProperty(e, "extra", { enumerable: true, get() { return "from a getter"; } });
throw e;

//// an uncaught error in an exit handler ends with its code
process.on("exit", () => { console.log("exit"); throw new Error("while exiting"); });
console.log("main");

//// an error in an uncaughtException listener ends with code 7
process.on("uncaughtException", (e) => {
  console.log("listener", e.message);
  worseThanThat();
});
process.on("exit", (c) => console.log("exit", c));
setTimeout(() => { throw new Error("first"); }, 1);

//// Error.captureStackTrace, stackTraceLimit and prepareStackTrace
const o = {};
function a() { Error.captureStackTrace(o, a); }
function b() { a(); }
b();
console.log(o.stack.split("\n").slice(0, 2).map((l) => l.trim().replace(/\(.*[\\/]/, "(")));
Error.stackTraceLimit = 1;
console.log(new Error("short").stack.split("\n").length);
Error.stackTraceLimit = 0;
console.log(new Error("none").stack);
Error.stackTraceLimit = 3;
Error.prepareStackTrace = (e, sites) => sites.map((s) => [s.getLineNumber(), s.getColumnNumber(), s.isNative(), s.isConstructor(), s.isAsync(), s.getTypeName()]);
console.log((function named() { return new Error("x").stack; })());
Error.prepareStackTrace = undefined;

//// stacks of async functions
const sleep = () => new Promise((r) => setImmediate(r));
async function one() { await sleep(); throw new Error("after an await"); }
async function two() { await one(); }
two().catch((e) => console.log(e.stack.replaceAll(__dirname, ".")));
Promise.all([two()]).catch((e) => console.log(e.stack.split("\n").slice(-1)[0].trim().replaceAll(__dirname, ".")));

//// Node's errors: names, codes, toString and fields
const { Buffer } = require("buffer");
try { Buffer.alloc("x"); } catch (e) { console.log(e.name, e.code, String(e), Object.keys(e), e.stack.split("\n")[0], e instanceof TypeError, e.constructor.name, Object.prototype.toString.call(e)); e.name = "Renamed"; console.log(String(e)); }
const d = new DOMException("text", "DataCloneError");
console.log(d.name, d.code, String(d), d instanceof Error, DOMException.DATA_CLONE_ERR, Object.prototype.toString.call(d), d.stack.split("\n")[0]);
console.log(new DOMException("m", { name: "Own", cause: 5 }).cause);

//// an error thrown again in an uncaughtException listener: the place of the throw
const worse = new Error("worse");
process.on("uncaughtException", () => {
  throw worse;
});
setTimeout(() => { throw new Error("first"); }, 1);

//// a syntax error at the end of the file has no caret
function f( {

//// a syntax error at the end of a line has none either
if (1) {
//// the line above a caret keeps its tabs
//: name tabs.cjs
	let a = "é" +	nope.q;

//// carets under a comment that does not end
/* open

//// a syntax error of TypeScript shows its own place alone
//: name program.ts
const x: number = ;
