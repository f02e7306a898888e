// Expressions evaluated only as long as that has no side effect; V8 refuses the others, and none of them is run.
const inspector = require("node:inspector");
const vm = require("node:vm");
const session = new inspector.Session();
session.connect();
globalThis.count = 0;
globalThis.data = { list: [1, 2, 3], deep: { name: "x" }, get noisy() { return ++count; }, get quiet() { return count; } };
globalThis.evil = { toString() { count++; return "evil"; }, valueOf() { count++; return 1; } };
globalThis.proxy = new Proxy({ a: 1 }, { get() { count++; return 1; }, has() { count++; return true; } });
globalThis.late = function (x) { count++; return x; };
globalThis.tampered = [1, 2]; tampered.map = () => { count++; };
class Loud extends Array { static get [Symbol.species]() { count++; return Array; } }
globalThis.loud = Loud.from([1, 2]);
globalThis.holed = [1]; Object.defineProperty(holed, 1, { get() { count++; return 2; }, enumerable: true });
globalThis.viaMethod = { at: String.prototype.at, toString() { count++; return "abc"; } };
globalThis.maps = new Map([["k", 1]]);
vm.runInThisContext("let lexical = { inner: 5 };");
const expressions = [
  "1 + 1", "'a' + 1n", "1n + 1", "-0", "NaN", "null", "undefined", "void 0", "Symbol.iterator", "`t${1 + 1}${'x'}`",
  "[1, 2, , 3]", "({ a: 1, ['b']: 2 })", "data.list", "data.list[1]", "data.noisy", "data.quiet", "data?.deep?.name", "data.none?.x.y",
  "data.none.x", "missing", "typeof missing", "typeof data", "lexical.inner", "lexical = 1", "data.list.map((x) => x * 2)",
  "data.list.map((x) => late(x))", "data.list.map(late)", "data.list.push(1)", "[1, 2].push(3)", "data.list.join('-')", "Array(3).fill(0)",
  "data.list.fill(0)", "`${evil}`", "evil + 1", "evil == 1", "evil === 1", "evil == null", "[evil].join()", "proxy.a", "'a' in proxy",
  "'list' in data", "late", "late(1)", "tampered.map((x) => x)", "loud.map((x) => x)", "holed.concat([1])", "holed[0]", "viaMethod.at(0)",
  "String(evil)", "Number('12')", "Math.max(1, 2)", "Math.max(evil, 2)", "parseInt('12px')", "new Date(0).getTime()", "new Map([[1, 2]])", "new Set([1]).size",
  "maps.get('k')", "maps.set('k', 2)", "maps.size", "Object.keys(data)", "Object.values({ a: 1 })", "Array.isArray(data.list)",
  "x = 1", "var v = 1", "let l = 1", "function f() {}", "count++", "delete data.list", "await 1", "syntax error", "{ a: 1 }['a']", "{ a: true };", "1; 2",
  "true ? 1 : late(1)", "false && late(1)", "null ?? 'd'", "(1, 2)", "!data", "(x) => x", "function () {}", "class {}", "/x/g", "'abc'.replace('b', 'c')",
  "'abc'[1]", "'abc'.length", "(5).toFixed(2)", "(5)()", "'\\n'()", "'x'.repeat(-1)", "new RangeError('r')", "this === globalThis", "[...data.list, 4]", "[...holed]", "import('fs')", "new late()", "data.list.reduce((a, b) => a + b)", "[3, 1].toReversed()", "(() => 7)()", "((a, b) => a * b)(2, 3)", "eval('count++')", "Function('count++')()",
];
const calls = [];
const add = (prefix, names, args = "") => {
  for (const name of names.split(" ")) calls.push(`${prefix}${name}(${args})`);
};
add("", "String Number Boolean BigInt Symbol parseInt parseFloat isNaN isFinite escape unescape encodeURI encodeURIComponent decodeURI decodeURIComponent", "1");
add("", "Array Date RegExp Object Error EvalError RangeError ReferenceError SyntaxError TypeError URIError", "1");
add("new ", "Array Date RegExp Object Error EvalError RangeError ReferenceError SyntaxError TypeError URIError", "1");
add("new ", "Map Set WeakMap WeakSet Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array");
add("new ", "Set Int8Array Uint8Array Float64Array", "[1, 2]");
add("new ", "Map", "[[1, 2]]");
add("Math.", "abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround hypot imul log log10 log1p log2 max min pow round sign sin sinh sqrt tan tanh trunc", "1, 2");
add("Number.", "isFinite isInteger isNaN isSafeInteger parseFloat parseInt", "'1'");
add("(5).", "toExponential toFixed toPrecision toString valueOf");
add("BigInt.", "asIntN asUintN", "8, 5n");
add("5n.", "toString valueOf"); add("true.", "toString valueOf");
add("Symbol.", "for", "'a'"); add("Symbol.iterator.", "toString valueOf"); calls.push("Symbol.keyFor(Symbol.iterator)", "Symbol.iterator.description");
add("String.", "fromCharCode fromCodePoint", "65");
add("'abc'.", "at charAt charCodeAt codePointAt concat endsWith includes indexOf isWellFormed lastIndexOf localeCompare normalize padEnd padStart repeat slice startsWith substr substring toLocaleLowerCase toLocaleUpperCase toLowerCase toString toUpperCase toWellFormed trim trimEnd trimStart valueOf split replace replaceAll");
add("'abc'.", "padEnd padStart repeat slice split at", "2");
add("Date.", "parse UTC", "1");
for (const key of Object.getOwnPropertyNames(Date.prototype)) {
  if (/^(?:get|to(?!JSON|Locale)|valueOf)/.test(key)) calls.push(`new Date(0).${key}()`);
}
add("Object.", "isExtensible isFrozen isSealed entries getOwnPropertyNames getOwnPropertySymbols keys values getOwnPropertyDescriptors fromEntries", "[1]");
add("Object.", "hasOwn is getOwnPropertyDescriptor", "[1], 'a'");
add("({}).", "isPrototypeOf valueOf toString", "{}");
add("({}).", "hasOwnProperty propertyIsEnumerable", "'a'");
add("Reflect.", "has isExtensible ownKeys get", "[1], 'a'");
add("Array.", "isArray of from", "[1]");
add("[1, 2].", "at includes indexOf lastIndexOf concat flat slice toReversed toSpliced with join toString toSorted copyWithin fill pop push reverse shift unshift splice", "0");
add("[1, 2].", "every find findIndex findLast findLastIndex forEach reduce reduceRight some filter flatMap map", "(x) => x");
add("data.list.", "at includes indexOf lastIndexOf concat flat slice toReversed toSpliced with join toString toSorted copyWithin fill pop push reverse shift unshift", "0");
add("data.list.", "every find findIndex findLast findLastIndex forEach reduce reduceRight some filter flatMap map", "(x) => x");
add("maps.", "get has");  calls.push("maps.size", "new ArrayBuffer(2).byteLength", "[].__proto__ === null", "new Uint8Array(3).length", "new Uint8Array(3).byteLength", "new Uint8Array(3).buffer");

const post = (method, params) => {
  let given;
  session.post(method, params, (error, answer) => {
    given = error ? { error: error.message } : answer;
  });
  return given;
};
const show = (expression, contextId) => {
  const { result = {}, exceptionDetails } = post("Runtime.evaluate", { expression, throwOnSideEffect: true, contextId });
  const { type, subtype, value, unserializableValue, className, description } = result;
  const thrown = exceptionDetails && `${exceptionDetails.text} ${description.split("\n")[0]}`;
  const shown = /new Date\(1\)|Date\(1\)/.test(expression) ? typeof value : value;
  console.log(JSON.stringify(expression), type, subtype, shown, unserializableValue, className, thrown);
};
for (const expression of [...expressions, ...calls]) show(expression);
console.log(count, data.list, Object.keys(globalThis).includes("x"));

// The same in a context of its own, whose built-ins are others.
let id;
session.on("Runtime.executionContextCreated", ({ params }) => (id = params.context.id));
post("Runtime.enable");
const context = vm.createContext({ outer: [1, 2], get loud() { return ++count; }, get still() { return count; } });
vm.runInContext("let inner = { list: [3] }; Array.prototype.at = () => { loud; }; var changed = 1;", context);
count = 0;
const inside = ["inner.list", "inner.list.at(0)", "outer.at(0)", "outer.map((x) => x + 1).concat(inner.list)", "loud", "still", "typeof none"];
for (const expression of [...inside, "none", "changed", "this.changed", "[1].map((x) => x * 2)", "Object", "changed = 2"]) show(expression, id);
console.log(count, context.changed);

const { result } = post("Runtime.evaluate", { expression: "[1, 2, 3]", throwOnSideEffect: true });
const call = (functionDeclaration, ...args) =>
  post("Runtime.callFunctionOn", { functionDeclaration, objectId: result.objectId, arguments: args });
console.log(call("(list, more) => list.join('-') + more", result, { value: "!" }).result);
console.log(call("function (n) { return this.length + n === 5n; }", { unserializableValue: "2n" }).exceptionDetails.text);
console.log(call("function (n) { return this.length + n; }", { value: 2 }).result);

delete Array.prototype[Symbol.iterator];
show("[1, 2].map((x) => x)");
show("({}).hasOwnProperty('a')");
