//// every part of a URL
for (const text of ["https://user:pa%20ss@example.com:8080/p/a?x=1&y#h", "file:///C:/a/../b", "mailto:a@b.c", "data:text/plain,hi there", "http://EXAMPLE.com:80/%7Efoo/../bar", "http://[::1]:3000/", "javascript:alert(1)", "http://1.2.3/", "ws://a.b/x y"])
  console.log(new URL(text));

//// relative to a base
for (const [rel, base] of [["../x", "http://a/b/c/d"], ["//other/p", "https://a/b"], ["?q", "http://a/b?x#y"], ["#h", "http://a/b?x#y"], ["", "http://a/b?x#y"], ["g;x=1/../y", "http://a/b/c/d;p?q"], ["/abs", "file:///a/b"], ["C:/x", "file:///a"]]) console.log(rel, base, new URL(rel, base).href);
for (const [text, base] of [["no base"], ["http://"], ["http://a b/"], ["http://[::g]/"], ["x", "mailto:a"], ["http://a:99999/"], ["//x"], ["http://a%00b/"], ["http://256.1.1.1/"]]) try { new URL(text, base); } catch (e) { console.log(e.name, e.code, e.message, e.input, e.base); }

//// the setters
const u = new URL("http://example.com/path?x=1#h");
const set = (name, value) => { u[name] = value; console.log(name, JSON.stringify(value), u.href); };
set("protocol", "https"); set("protocol", "mailto"); set("host", "a.b:81"); set("hostname", "ü.de"); set("port", "443"); set("port", "8o8"); set("port", ""); set("pathname", "a b/../c?d"); set("search", "q=ä&'"); set("hash", "x y"); set("username", "me@"); set("password", "p:w"); set("hostname", "bad host"); set("search", ""); set("hash", ""); set("href", "file:///x");
set("host", "server"); set("port", "1");
try { u.href = "nope"; } catch (e) { console.log(e.code, e.message); }
try { u.origin = "x"; } catch (e) { console.log(e.name); }
console.log(u.origin);

//// canParse, parse and toJSON
console.log(URL.canParse("http://a"), URL.canParse("x"), URL.canParse("x", "http://a"), URL.parse("http://a/b")?.href, URL.parse("nope"), JSON.stringify({ u: new URL("http://a") }), String(new URL("http://a?")), typeof URLPattern);
for (const f of [() => URL.canParse(), () => new URL(), () => URL("http://a"), () => URL.prototype.href]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message); }
console.log(Object.keys(new URL("http://a")), Object.getOwnPropertyNames(URL.prototype), Object.prototype.toString.call(new URL("http://a")));

//// URLSearchParams from everything
for (const init of ["?a=1&a=2&b=%20+c", "", { x: 1, y: [2, 3] }, [["a", "b"], ["c", "d"]], new Map([["k", "v"]]), new URLSearchParams("q=r"), undefined, null, "a&=&==&b=c=d&%"]) console.log(new URLSearchParams(init), String(new URLSearchParams(init)));
for (const bad of [[["a"]], [1], [["a", "b", "c"]], Symbol("s"), { [Symbol.iterator]: 1 }]) try { new URLSearchParams(bad); } catch (e) { console.log(e.name, e.code, e.message); }

//// URLSearchParams: its methods
const p = new URLSearchParams("b=2&a=1&b=3&c=%F0%9F%98%80");
console.log(p.get("b"), p.getAll("b"), p.has("b", "3"), p.has("z"), p.get("z"), p.size);
p.append("d", "x y&z");
p.set("b", "only");
p.delete("a", "no");
console.log(String(p));
p.sort();
p.delete("c");
p.forEach((v, k, all) => console.log(k, v, all === p));
console.log([...p], [...p.keys()], [...p.values()], p.entries(), p.keys().next(), p[Symbol.iterator] === p.entries);
for (const f of [() => p.get(), () => p.append("x"), () => p.forEach(1), () => URLSearchParams.prototype.get.call({}, "a"), () => p.delete()]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }

//// searchParams and search follow each other
const u = new URL("http://a/?x=1");
const p = u.searchParams;
p.append("y", "ä b");
console.log(u.href, u.searchParams === p);
u.search = "z=1&z=2";
console.log([...p], String(p));
for (const [k] of p) p.delete(k);
console.log(u.href, u.search);
u.href = "http://b/?new";
console.log([...p]);

//// encoding of every part
const odd = " \"#<>?`{}|^\\'%zz%41€";
const u = new URL("http://h/");
for (const part of ["pathname", "search", "hash", "username", "password"]) { u[part] = odd; console.log(part, u[part]); }
console.log(new URLSearchParams({ q: odd + "*-._~!()+" }).toString(), new URL("foo:" + odd).href, new URL("http://h/\ud800").href);

//// domainToASCII and domainToUnicode
const { domainToASCII, domainToUnicode } = require("url");
for (const d of ["español.com", "中文.com", "xn--iñvalid.com", "EXAMPLE.com", "faß.de", "xn--fa-hia.de", "☃.net", "a b.c", "", "xn--fiq228c.com", "1.2.3"]) console.log(d, JSON.stringify(domainToASCII(d)), JSON.stringify(domainToUnicode(d)));

//// fileURLToPath and pathToFileURL
const { fileURLToPath, pathToFileURL } = require("url");
for (const u of ["file:///a/b%20c", "file:///%E2%82%AC", new URL("file:///x/y"), "file:///a%25b"]) console.log(fileURLToPath(u));
for (const p of ["/a b", "/€#?%", "/a/../b/", "/tab\tnew\nline", "/back\\slash"]) console.log(pathToFileURL(p).href);
console.log(fileURLToPath("file:///C:/a", { windows: true }), pathToFileURL("C:\\x y", { windows: true }).href, pathToFileURL("\\\\srv\\share\\f", { windows: true }).href);
for (const bad of ["http://a", "file://host/x", "file:///a%2fb", 5, "x", {}]) try { console.log(fileURLToPath(bad)); } catch (e) { console.log(e.name, e.code, e.message); }
try { pathToFileURL(5); } catch (e) { console.log(e.code, e.message); }

//// url.parse
const url = require("url");
for (const text of ["http://user:pw@host.com:80/p/a/t/h?query=string#hash", "//host/path", "/rel?x=1", "mailto:a@b", "HTTP://ABC.com/x y", "javascript:alert('x')", "x:y", "http://a.b/?q=a|b'c", ""]) console.log(url.parse(text));
console.log(url.parse("http://a/?x=1&y=2", true).query, url.parse("//host/x", false, true).host);

//// url.parse: refused input
const url = require("url");
process.on("warning", (w) => console.log(w.code));
for (const bad of [5, null, undefined, {}, "http://a:b:c/", "http://[::", "http://a\u0000b/", "https://exa mple.com:80x/"]) try { console.log(url.parse(bad).href); } catch (e) { console.log(e.name, e.code, e.message, e.input); }

//// url.format
const url = require("url");
console.log(url.format({ protocol: "http", host: "a.b:81", pathname: "x?y#z", search: "q=1", hash: "h" }), url.format({ hostname: "::1", port: 8, slashes: true, query: { a: [1, 2], b: "" } }), url.format({ auth: "u:p@", host: "h", protocol: "ftp:" }), url.format("http://a/ b"));
const u = new URL("https://u:p@測試.com/p?q#h");
console.log(url.format(u), url.format(u, { unicode: true }), url.format(u, { auth: false, fragment: false, search: false }));
for (const bad of [5, null, undefined]) try { url.format(bad); } catch (e) { console.log(e.code, e.message); }
try { url.format(u, "x"); } catch (e) { console.log(e.code, e.message); }

//// url.resolve
const url = require("url");
for (const [a, b] of [["/one/two/three", "four"], ["http://example.com/one", "/two"], ["http://example.com/", "../../x"], ["http://a/b/c", "?d"], ["http://a", "//b/c"], ["mailto:a@b", "c"], ["http://a/b", ""], ["a/b/c", "../../../d"], ["http://u:p@a/", "http://b/"]]) console.log(a, b, url.resolve(a, b), url.resolveObject(a, b).pathname);

//// urlToHttpOptions and legacy Url
const { urlToHttpOptions, Url } = require("url");
console.log(urlToHttpOptions(new URL("https://a%40:b@[::1]:81/p?q#h")));
console.log(new Url(), Object.keys(require("url")).sort());
try { urlToHttpOptions("x"); } catch (e) { console.log(e.name, e.code, e.message); }

//// IPv4 and IPv6 hosts
for (const h of ["0x7f.1", "017700000001", "1.2.3.4.", "4294967295", "[1:2::0.0.3.4]", "[::ffff:1.2.3.4]", "[0:0:0:1:0:0:0:1]", "%31.2.3.4", "a..b", "xn--a", "1.2.3.08"]) try { console.log(h, new URL(`http://${h}/`).hostname); } catch (e) { console.log(h, e.code); }

//// object URLs
const { resolveObjectURL } = require("buffer");
const id = URL.createObjectURL(new Blob(["abc"], { type: "text/x" }));
console.log(id.startsWith("blob:nodedata:"), resolveObjectURL(id).size, resolveObjectURL(id).type);
URL.revokeObjectURL(id);
console.log(resolveObjectURL(id), resolveObjectURL("blob:nodedata:nope"), resolveObjectURL("x"));
try { URL.createObjectURL({}); } catch (e) { console.log(e.name, e.code, e.message); }

//// special and other schemes
for (const s of ["http", "https", "ws", "wss", "ftp", "file", "foo"]) { const u = new URL(`${s}://H:80/a/../b?c#d`.replace(s === "file" ? ":80" : "@@", "")); console.log(s, u.href, u.origin, u.host, u.port, u.pathname); }
console.log(new URL("foo:///a/b").pathname, new URL("foo:a/../b").pathname, new URL("foo://h").pathname === "", new URL(" \n http://a/\tb\n ").href);
