//// join and normalize
const path = require("path");
for (const parts of [["a", "..", "..", "b"], ["/a", "b/../../..", "c"], ["", ""], ["."], ["a//b", "./c/"], ["..", "a"]])
  console.log(parts, path.join(...parts), path.normalize(parts.join("/")));

//// resolve with and without a root
const path = require("path");
console.log(path.resolve("/a", "b", "../c"), path.resolve("/a", "/b", "./c"), path.resolve("/"));
console.log(path.relative(process.cwd(), path.resolve("x", "y")), path.resolve("") === process.cwd());

//// relative
const path = require("path");
for (const [a, b] of [["/a/b/c", "/a/d"], ["/a/b", "/a/b/c"], ["/a", "/a"], ["/", "/x"], ["/foo/bar", "/foo/barbaz"]])
  console.log(a, b, JSON.stringify(path.relative(a, b)), JSON.stringify(path.relative(b, a)));

//// basename, dirname, extname
const path = require("path");
for (const p of ["/a/b.txt", "/a/b/", "a", ".bashrc", "a.b.c", "a.", "/", "", "..", "a/.b.c"])
  console.log([p, path.basename(p), path.basename(p, ".txt"), path.dirname(p), path.extname(p)]);

//// parse and format
const path = require("path");
for (const p of ["/home/u/file.txt", "./a", "/", "..", "x.tar.gz", "/a//b/"]) console.log(p, path.parse(p), path.format(path.parse(p)));
console.log(path.format({ root: "/", name: "n", ext: "e" }), path.format({ dir: "/d", base: "b.c", name: "ignored" }));

//// the win32 flavour
const { win32 } = require("path");
console.log(win32.join("C:\\a", "..", "..", "b"), win32.resolve("C:\\a", "\\b"), win32.normalize("C:/x//y/.."));
console.log(win32.parse("\\\\server\\share\\dir\\f.txt"), win32.isAbsolute("C:a"), win32.isAbsolute("C:/"), win32.sep, win32.delimiter);
console.log(win32.relative("C:\\a\\b", "C:\\A\\c"), win32.relative("C:\\a", "D:\\b"), win32.toNamespacedPath("C:\\a\\..\\b"));

//// matchesGlob
const path = require("path");
process.on("warning", (w) => console.log(w.name, w.message));
for (const [p, g] of [["/foo/bar", "/foo/*"], ["/foo/bar*", "foo/bird"], ["a/b/c.js", "a/**/*.js"], ["a.ts", "*.{js,ts}"], ["x1", "x[0-9]"]])
  console.log(p, g, path.matchesGlob(p, g), path.posix.matchesGlob(p, g), path.win32.matchesGlob(p, g));

//// arguments of the wrong type
const path = require("path");
for (const name of ["join", "resolve", "basename", "dirname", "extname", "parse", "format", "isAbsolute", "relative", "normalize"])
  for (const value of [undefined, 1, {}]) {
    try {
      console.log(name, path[name](value));
    } catch (error) {
      console.log(name, error.name, error.code, error.message);
    }
  }
