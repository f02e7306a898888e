//// resolution errors and their stacks
for (const id of ["./none", "none", "/none", "node:none", "", "./dir", "fs/none", "#x"]) try { require(id); } catch (e) { console.log(id, e.name, e.code, e.message.replaceAll(__dirname, "."), e.requireStack?.length); }
for (const bad of [undefined, 5, {}]) try { require(bad); } catch (e) { console.log(e.name, e.code, e.message); }
//: file dir/readme.txt
nothing to load

//// cycles and partial exports
const a = require("./a");
console.log(a, require("./b"));
//: file a.js
exports.early = 1;
const b = require("./b");
exports.late = b.seen;
//: file b.js
const a = require("./a");
exports.seen = { ...a };
console.log("missing", a.nope);
module.exports.done = true;

//// require.cache, children, parent and reload
const first = require("./m");
console.log(require("./m") === first, Object.keys(require.cache).map((f) => require("path").basename(f)), module.children.length, first.parent, first.main, first.loaded);
delete require.cache[require.resolve("./m")];
console.log(require("./m") === first, require("./m").count, module.loaded, require.main === module, module.id, module.paths[0].endsWith("node_modules"));
require.cache[require.resolve("./m")].exports = "replaced";
console.log(require("./m"));
//: file m.js
globalThis.n = (globalThis.n ?? 0) + 1;
module.exports = { count: globalThis.n, parent: require("path").basename(module.parent.filename), main: require.main === module, loaded: module.loaded };

//// JSON, directories, index and package main
console.log(require("./d"), require("./p"), require("./data"), require("./data.json"), require("./i/"));
try { require("./bad.json"); } catch (e) { console.log(e.name, e.message.replaceAll(__dirname, ".")); }
try { require("./badp"); } catch (e) { console.log(e.name, e.code, e.message.replaceAll(__dirname, ".")); }
//: file d/index.js
module.exports = "index";
//: file p/package.json
{ "main": "./lib/start" }
//: file p/lib/start.js
module.exports = "main";
//: file data.json
{ "a": [1, 2] }
//: file bad.json
{ "a": }
//: file badp/package.json
{ not json
//: file i/index.json
{ "from": "index.json" }

//// exports: conditions, subpaths and patterns
for (const id of ["pkg", "pkg/sub", "pkg/features/x", "pkg/internal", "pkg/package.json", "pkg/lib/hidden.js", "pkg/null/x"]) try { console.log(id, require(id)); } catch (e) { console.log(id, e.code, e.message.replaceAll(__dirname, ".")); }
import("pkg").then((m) => console.log(m.default));
//: file node_modules/pkg/package.json
{ "name": "pkg", "exports": { ".": { "import": "./main.mjs", "require": "./main.cjs" }, "./sub": ["./sub.js"], "./features/*": { "node": "./f/*.js", "default": "./none.js" }, "./null/*": null } }
//: file node_modules/pkg/main.mjs
export default "esm";
//: file node_modules/pkg/main.cjs
module.exports = "cjs";
//: file node_modules/pkg/sub.js
module.exports = "sub";
//: file node_modules/pkg/f/x.js
module.exports = "feature x";

//// imports of a package and self reference
console.log(require("#dep"), require("#x/a"), require("self/own"));
for (const id of ["#none", "#", "#bad"]) try { require(id); } catch (e) { console.log(id, e.code, e.message.replaceAll(__dirname, ".")); }
//: file package.json
{ "name": "self", "imports": { "#dep": "./dep.js", "#x/*": "./x/*.js", "#bad": "../outside.js" }, "exports": { "./own": "./dep.js" } }
//: file dep.js
module.exports = "dep";
//: file x/a.js
module.exports = "a";

//// createRequire, require.resolve and its paths
const { createRequire, builtinModules, isBuiltin } = require("module");
const path = require("path");
const r = createRequire(path.join(__dirname, "sub/x.js"));
console.log(r("./here"), path.relative(__dirname, r.resolve("./here")), r.resolve("fs"), r.resolve.paths("x").slice(0, 2).map((p) => path.relative(__dirname, p)), r.resolve.paths("fs"), require.resolve("./here", { paths: ["./sub"] }).endsWith("here.js"));
console.log(isBuiltin("fs"), isBuiltin("node:test"), isBuiltin("test"), isBuiltin("wss"), builtinModules.includes("fs"), builtinModules.length > 50, createRequire(require("url").pathToFileURL(__filename))("./sub/here"));
for (const bad of ["rel", 5, "http://x"]) try { createRequire(bad); } catch (e) { console.log(e.code, e.message); }
//: file sub/here.js
module.exports = "here";

//// the module wrapper and this
console.log(arguments.length, this === module.exports, this === exports, typeof require, require.length, __filename.endsWith("program.cjs"), __dirname === process.cwd());
console.log(require("module").wrap("x"), require("module").wrapper, typeof require.extensions[".js"], Object.keys(require.extensions), Object.keys(require), Object.keys(module));
return;
console.log("never");

//// a syntax error in a required file ends with its place
require("./broken");
//: file broken.js
const a = 1;
const b = { c: 1;

//// an error in a required file ends with its stack
require("./thrower");
//: file thrower.js
function inner() {
  throw new TypeError("while loading");
}
inner();

//// a module that fails is loaded anew
for (let i = 0; i < 2; i++) try { require("./once"); } catch (e) { console.log(e.message, Object.keys(require.cache).length); }
console.log(require("./once"));
//: file once.js
globalThis.tries = (globalThis.tries ?? 0) + 1;
if (globalThis.tries < 3) throw new Error(`try ${globalThis.tries}`);
module.exports = globalThis.tries;

//// require of an ES module
const m = require("./m.mjs");
console.log(m, m.default, m.named, m.__esModule, require("./m.mjs") === m);
console.log(require("./exported.mjs"));
try { require("./tla.mjs"); } catch (e) { console.log(e.code, e.message.split("\n")[0]); }
//: file m.mjs
export default "d";
export const named = 1;
//: file exported.mjs
const value = { whole: true };
export { value as "module.exports" };
//: file tla.mjs
await null;
export default 1;

//// Module internals: _load, _resolveFilename, _extensions patched
const Module = require("module");
const { _load, _resolveFilename } = Module;
Module._load = function (id, parent, isMain) { if (id === "virtual") return "made up"; return _load.call(this, id, parent, isMain); };
Module._resolveFilename = function (id, ...rest) { return _resolveFilename.call(this, id === "alias" ? "./real" : id, ...rest); };
require.extensions[".txt"] = (m, file) => { m.exports = require("fs").readFileSync(file, "utf8").trim(); };
console.log(require("virtual"), require("alias"), require("./note.txt"));
const m = new Module("mine");
m._compile("module.exports = 6 * 7; exports.x = __filename", "/virtual/file.js");
console.log(m.exports, m.id, Module.prototype.constructor === Module, Module.Module === Module);
//: file real.js
module.exports = "real";
//: file note.txt
a note
