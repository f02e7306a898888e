//// parse
const qs = require("querystring");
for (const text of ["a=1&b=2&a=3", "", "a", "a=&=b", "a=%20+x", "&&a=1&&", "x=y=z", "__proto__=1", "%zz=%"]) console.log(text, qs.parse(text));
console.log(Object.getPrototypeOf(qs.parse("a=1")));

//// stringify
const qs = require("querystring");
console.log(qs.stringify({ a: 1, b: ["x", "y"], c: "", d: null, e: undefined, f: true, g: NaN, h: Infinity, i: {}, j: 10n, k: [] }));
console.log([qs.stringify(null), qs.stringify("text"), qs.stringify([1, "b"]), qs.stringify({ "ä ö": "ü&=" })]);

//// own separators
const qs = require("querystring");
console.log(qs.parse("a:1;b:2;a:3", ";", ":"), qs.parse("a->1&&b->2", "&&", "->"));
console.log(qs.stringify({ a: 1, b: [2, 3] }, ";", ":"), qs.stringify({ a: 1, b: 2 }, null, null));

//// maxKeys
const qs = require("querystring");
const text = Array.from({ length: 1500 }, (_, i) => `k${i}=${i}`).join("&");
for (const maxKeys of [undefined, 0, 1, 3, -1, Infinity]) console.log(maxKeys, Object.keys(qs.parse(text, null, null, { maxKeys })).length);

//// own coders
const qs = require("querystring");
console.log(qs.parse("a=x&b=y", null, null, { decodeURIComponent: (t) => `<${t}>` }));
console.log(qs.parse("a=bad", null, null, { decodeURIComponent: () => { throw new Error("no"); } }));
console.log(qs.stringify({ "a b": "c d" }, null, null, { encodeURIComponent: (t) => t.toUpperCase() }));

//// escape and unescape
const qs = require("querystring");
console.log(qs.escape("a b&c=ä€😀!*'()~-_."), qs.escape(5), qs.escape({ toString: () => "o o" }));
console.log(qs.unescape("%41%zz%E4+%f0%9f%98%80"), qs.unescape("%"), qs.unescapeBuffer("a%20%4x%7e"));

//// a lone surrogate
const qs = require("querystring");
try {
  qs.stringify({ x: "a\ud800" });
} catch (error) {
  console.log(error.name, error.code, error.message);
}
try {
  qs.escape(Object.create(null));
} catch (error) {
  console.log(error.name, error.message);
}

//// patched escape and unescape are used
const qs = require("querystring");
qs.escape = (t) => `[${t}]`;
qs.unescape = (t) => t.toUpperCase();
console.log(qs.stringify({ a: "b" }), qs.parse("a=%62&c=d+e"), qs.encode === qs.stringify, qs.decode === qs.parse);
