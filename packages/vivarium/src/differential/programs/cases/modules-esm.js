//// import.meta, this and the globals of a module
//: name program.mjs
import path from "node:path";
console.log(Object.keys(import.meta), import.meta.filename === process.argv[1], path.basename(import.meta.url), import.meta.dirname === process.cwd(), import.meta.resolve("./x.js").endsWith("/x.js"), import.meta.resolve("fs"), this, typeof require, typeof module, typeof __filename);
try { import.meta.resolve("none"); } catch (e) { console.log(e.code, e.message.replaceAll(process.cwd(), ".")); }
console.log(Object.getPrototypeOf(import.meta), typeof import.meta.main);

//// order of evaluation, with top-level await
//: name program.mjs
console.log("main starts");
import "./a.mjs";
import { b } from "./b.mjs";
console.log("main", b);
//: file a.mjs
console.log("a before");
await new Promise((r) => setTimeout(r, 2));
console.log("a after");
//: file b.mjs
console.log("b");
import "./c.mjs";
export let b = "b value";
//: file c.mjs
console.log("c");

//// cycles, live bindings and namespaces
//: name program.mjs
import * as ns from "./a.mjs";
import { count, inc, fromB } from "./a.mjs";
console.log(count, inc(), count, fromB(), ns, Object.keys(ns), ns[Symbol.toStringTag]);
try { ns.count = 5; } catch (e) { console.log(e.name, e.message); }
try { delete ns.count; } catch (e) { console.log(e.name, e.message); }
console.log(Reflect.getOwnPropertyDescriptor(ns, "count"), "nope" in ns);
//: file a.mjs
import { seesA } from "./b.mjs";
export let count = 1;
export const inc = () => ++count;
export const fromB = seesA;
export default class {}
//: file b.mjs
import { count } from "./a.mjs";
export const seesA = () => `b sees ${count}`;
try { count; } catch (e) { console.log(e.name, e.message); }

//// CommonJS from a module: names that are found
//: name program.mjs
import def, { a, b as bee } from "./c.cjs";
import * as ns from "./c.cjs";
console.log(def, a, bee, Object.keys(ns).sort(), ns.default === def);
import { readFileSync, default as fs } from "fs";
console.log(readFileSync === fs.readFileSync);
//: file c.cjs
exports.a = 1;
exports.b = 2;
module.exports.c = 3;
exports["computed" + 1] = 4;
Object.defineProperty(exports, "__esModule", { value: true });
exports.default = "inner default";

//// a name that CommonJS does not export ends with a cure
//: name program.mjs
import { nope } from "./c.cjs";
console.log(nope);
//: file c.cjs
module.exports = { [`a`]: 1 };

//// a missing export ends with its place
//: name program.mjs
import { nope } from "./m.mjs";
console.log(nope);
//: file m.mjs
export const yes = 1;

//// import() of everything and its errors
//: name program.mjs
for (const id of ["./m.mjs", "./c.cjs", "node:os", "data:text/javascript,export default 5", "./none.mjs", "none", "./dir", "http://x/y.js", "./broken.mjs", "./thrower.mjs", "data:text/plain,x", "./d.json"])
  await import(id).then((m) => console.log(id, m.default?.constructor?.name), (e) => console.log(id, e.name, e.code, e.message.replaceAll(process.cwd(), ".")));
await import({ toString() { throw new Error("to string"); } }).catch((e) => console.log(e.message));
console.log((await import("./m.mjs")) === (await import("./m.mjs")), (await import("./m.mjs?x=1")) === (await import("./m.mjs")));
//: file m.mjs
export default class M {}
//: file c.cjs
module.exports = [];
//: file broken.mjs
export const = 1;
//: file thrower.mjs
throw new RangeError("loading");
//: file dir/index.js
export {};
//: file d.json
{}

//// JSON with attributes
//: name program.mjs
import data from "./d.json" with { type: "json" };
console.log(data, (await import("./d.json", { with: { type: "json" } })).default === data);
for (const o of [undefined, { with: { type: "css" } }, { with: { other: "x" } }, { with: 5 }]) await import("./d.json", o).then(() => console.log("fine"), (e) => console.log(e.name, e.code, e.message.replaceAll(process.cwd(), ".")));
await import("./m.mjs", { with: { type: "json" } }).catch((e) => console.log(e.name, e.code, e.message.replaceAll(process.cwd(), ".")));
await import("./bad.json", { with: { type: "json" } }).catch((e) => console.log(e.name, e.message.replaceAll(process.cwd(), ".")));
//: file d.json
{ "a": 1 }
//: file bad.json
{ "a": oops
//: file m.mjs
export default 1;

//// a syntax error in a module ends with its place
//: name program.mjs
console.log("never");
const x = 1;
const x = 2;

//// an error thrown by an imported module ends with its stack
//: name program.mjs
import "./deep.mjs";
console.log("never");
//: file deep.mjs
export function f() {
  null.property;
}
f();

//// a module that waits at its top for import() of one that throws goes on
//: name program.mjs
const told = (e) => (e instanceof Error ? e.stack.replaceAll(process.cwd(), ".") : e);
const attempt = (name) => import(name).then((m) => m.default, (e) => told(e));
try { await import("./throws.mjs"); } catch (e) { console.log("caught", told(e)); }
try { await import("./waits.mjs"); } catch (e) { console.log("caught", told(e)); }
console.log("again", await attempt("./throws.mjs"));
console.log("through another", await import("./imports.mjs").catch((e) => e.message));
console.log(await Promise.all(["./throws.mjs?1", "./late.mjs?1", "./late.mjs?2", "./late.mjs?3", "./text.mjs"].map(attempt)));
process.on("unhandledRejection", (reason) => console.log("unhandled", reason));
Promise.reject("nobody's");
await new Promise((r) => setTimeout(r, 5));
console.log("end");
//: file throws.mjs
throw new Error("thrown at once");
//: file waits.mjs
await null;
throw new TypeError("thrown later");
//: file imports.mjs
export default await import("./throws.mjs?2");
//: file late.mjs
const n = Number(import.meta.url.at(-1));
await new Promise((r) => setTimeout(r, (4 - n) * 20));
if (n !== 2) throw new RangeError(`late ${n}`);
export default n;
//: file text.mjs
throw "text";

//// a module that waits for import() of one that throws, and does not catch it, ends with its stack
//: name program.mjs
await import("./throws.mjs");
console.log("never");
//: file throws.mjs
function f() {
  throw new Error("nobody catches it");
}
f();

//// a rejection nobody handles is not taken for the error of a module that waits
//: name program.mjs
process.on("unhandledRejection", (reason) => {
  console.log("unhandled", reason);
  if (reason < 3) Promise.reject(reason + 1);
});
Promise.reject(0);
await new Promise((r) => setTimeout(r, 10));
console.log("goes on");

//// top-level await that never settles ends with code 13
//: name program.mjs
process.on("exit", (code) => console.log("exit", code));
await new Promise(() => {});
console.log("never");

//// the type of a package, and detection of syntax
//: name program.js
import path from "path";
import { kind } from "./typed/m.js";
import cjs from "./plain/m.js";
console.log(path.basename(import.meta.url), kind, cjs, typeof require);
//: file package.json
{ "type": "module" }
//: file typed/m.js
export const kind = typeof module;
//: file plain/package.json
{ "type": "commonjs" }
//: file plain/m.js
module.exports = typeof module;

//// createRequire, module.register and syncBuiltinESMExports
//: name program.mjs
import { createRequire, syncBuiltinESMExports, findPackageJSON } from "node:module";
import * as osNs from "node:os";
import os from "node:os";
const require = createRequire(import.meta.url);
console.log(require("./c.cjs"), typeof require.resolve, require("node:os") === os);
os.fresh = 1;
os.EOLS = 2;
const before = osNs.hostname;
os.hostname = () => "patched";
console.log(osNs.hostname === before);
syncBuiltinESMExports();
console.log(osNs.hostname(), osNs.fresh);
console.log(findPackageJSON?.("..", import.meta.url)?.replace(process.cwd(), "."));
//: file c.cjs
module.exports = "from require";
//: file package.json
{ "name": "x" }

//// errors of resolution are told with where they were imported
//: name program.mjs
process.on("exit", (c) => console.log("exit", c));
import "./a.mjs";
//: file a.mjs
import "nowhere-to-be-found";
