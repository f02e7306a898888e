//// encode and decode
//: flags --no-deprecation
const p = require("punycode");
for (const t of ["mañana", "☃-⌘", "", "abc", "中文", "😀"]) console.log(t, p.encode(t), p.decode(p.encode(t)) === t);
for (const f of [() => p.decode("ä"), () => p.decode("a-\x80"), () => p.decode("99999999")]) try { console.log(f()); } catch (e) { console.log(e.name, e.message); }

//// domains
//: flags --no-deprecation
const p = require("punycode");
for (const t of ["mañana.com", "☃.net", "a。b", "user@bücher.de", "EXAMPLE.com"]) console.log(p.toASCII(t), p.toUnicode(p.toASCII(t)));
console.log(p.ucs2.decode("a😀\ud800"), p.ucs2.encode([97, 0x1f600]), p.version, Object.keys(p));

//// the warning of its deprecation
process.on("warning", (w) => console.log(w.name, w.code, w.message));
require("punycode");
require("node:punycode");
