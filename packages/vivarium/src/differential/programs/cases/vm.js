//// runInThisContext and its scope
const vm = require("vm");
globalThis.g = 1;
const local = 2;
console.log(vm.runInThisContext("g + 1"), vm.runInThisContext("typeof local"), vm.runInThisContext("var made = 3; this === globalThis"), globalThis.made, vm.runInThisContext("typeof require"), vm.runInThisContext("[1, 2]") instanceof Array);

//// runInNewContext and runInContext
const vm = require("vm");
const box = { x: 1, out: [] };
console.log(vm.runInNewContext("x += 1; y = 5; out.push(x); x * 2", box), box);
const c = vm.createContext({ n: 0 });
for (let i = 0; i < 3; i++) vm.runInContext("n++; var v = n; let l" + i + " = n; globalThis.z = v", c);
console.log(c, vm.isContext(c), vm.isContext({}), vm.runInContext("[l0, l1, l2]", c), vm.runInContext("[] instanceof Array", c), vm.runInContext("[]", c) instanceof Array);

//// Script: many runs, its errors and properties
const vm = require("vm");
const s = new vm.Script("typeof n === 'undefined' ? 'none' : ++n", { filename: "mine.js" });
console.log(s.runInNewContext({ n: 1 }), s.runInNewContext(), s.runInThisContext(), s.cachedDataRejected, s.sourceMapURL, new vm.Script("1 //# sourceMappingURL=x.map").sourceMapURL);
for (const f of [() => new vm.Script("let 1"), () => new vm.Script("throw new TypeError('t')", "file.js").runInThisContext(), () => new vm.Script(5).runInThisContext(), () => new vm.Script("1", { filename: 5 }), () => new vm.Script("1", { lineOffset: "x" }), () => s.runInContext({}), () => vm.Script("1"), () => vm.createContext(5)]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message); }

//// places in stacks: filename, lineOffset, columnOffset
const vm = require("vm");
for (const o of ["named.js", { filename: "off.js", lineOffset: 10, columnOffset: 5 }, {}]) try { vm.runInThisContext("function f() { throw new Error('here'); }\nf();", o); } catch (e) { console.log(e.stack.split("\n").slice(0, 3).join("|").replace(/evalmachine[^:]*/, "evalmachine")); }
try { vm.runInThisContext("a b", { filename: "syntax.js", lineOffset: 4 }); } catch (e) { console.log(e.stack.split("\n").slice(0, 5).join("|")); }

//// timeout
const vm = require("vm");
try { vm.runInThisContext("while (true);", { timeout: 20 }); } catch (e) { console.log(e.name, e.code, e.message.replace(/\d+/, "N")); }
try { vm.runInNewContext("for (;;) ;", {}, { timeout: 20 }); } catch (e) { console.log(e.code); }
console.log(vm.runInThisContext("1 + 1", { timeout: 1000 }));
for (const timeout of [0, -1, "x", 1.5]) try { vm.runInThisContext("1", { timeout }); } catch (e) { console.log(e.name, e.code, e.message); }

//// compileFunction
const vm = require("vm");
const f = vm.compileFunction("return a + b + (typeof c)", ["a", "b"], { filename: "fn.js" });
console.log(f(1, 2), f.length, f.name, String(f));
const c = vm.createContext({ c: 5 });
console.log(vm.compileFunction("return a + c + (typeof d)", ["a"], { parsingContext: c, contextExtensions: [{ d: 1 }] })(1));
for (const g of [() => vm.compileFunction("return ("), () => vm.compileFunction(5), () => vm.compileFunction("", "x"), () => vm.compileFunction("", [], { parsingContext: {} })]) try { g(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// the global of a context: getters, setters, deletion, keys
const vm = require("vm");
const log = [];
const box = { get a() { log.push("get a"); return 1; }, set a(v) { log.push(`set a ${v}`); }, gone: 1, fixed: undefined };
Object.defineProperty(box, "fixed", { value: 7, writable: false });
vm.createContext(box);
console.log(vm.runInContext("a; a = 2; delete gone; fixed = 8; [a, typeof gone, fixed, Object.keys(globalThis)]", box), log, box);
try { vm.runInContext("'use strict'; fixed = 9", box); } catch (e) { console.log(e.name, e.message); }
try { vm.runInContext("nowhere", box); } catch (e) { console.log(e.name, e.message, e instanceof ReferenceError); }

//// promises and microtasks of a context
const vm = require("vm");
const c = vm.createContext({ log: console.log, process });
vm.runInContext("Promise.resolve(1).then((v) => log('then', v)); (async () => { await null; log('async'); })()", c);
queueMicrotask(() => console.log("mine"));
vm.runInContext("process.nextTick(() => log('tick'))", c);
console.log(vm.runInContext("Promise.resolve()", c) instanceof Promise, vm.runInContext("(async () => {})()", c).constructor === Promise);
process.on("unhandledRejection", (e) => console.log("unhandled", e.message));
vm.runInContext("Promise.reject(new Error('of the context'))", c);

//// measureMemory, constants and codeGeneration
const vm = require("vm");
console.log(Object.keys(vm).sort(), vm.constants);
const c = vm.createContext({}, { codeGeneration: { strings: false, wasm: false }, name: "named" });
for (const code of ["eval('1')", "new Function('return 1')()", "1 + 1"]) try { console.log(vm.runInContext(code, c)); } catch (e) { console.log(e.name, e.message); }
for (const o of [{ name: 5 }, { origin: 5 }, { codeGeneration: 5 }, { codeGeneration: { strings: 1 } }, { microtaskMode: "x" }]) try { vm.createContext({}, o); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// errors and values of a context inspected
const vm = require("vm");
console.log(vm.runInNewContext("[new Map([[1, { a: 1 }]]), new Set([1]), [1, , 2], /x/g, new Date(0), new Error('e').message, Symbol('s'), function f() {}, class A {}, { a: { b: {} } }, new Uint8Array(2)]"));
const e = vm.runInNewContext("new RangeError('from there')");
console.log(e instanceof Error, require("util").types.isNativeError(e), Object.prototype.toString.call(e), e.name, require("util").isDeepStrictEqual(vm.runInNewContext("({ a: [1] })"), { a: [1] }));

//// uncaught in a vm script ends with its file
const vm = require("vm");
Error.stackTraceLimit = 30;
vm.runInThisContext("\n\n  undefinedFunction();", { filename: "place.vm" });

//// createContext of the vanilla kind and contexts of contexts
const vm = require("vm");
const box = { vm, depth: 1 };
console.log(vm.runInNewContext("vm.runInNewContext('typeof depth + typeof inner', { inner: 1 }) + depth", box));
const c = vm.createContext();
console.log(vm.runInContext("x = 1; Object.getOwnPropertyNames(globalThis).includes('console')", c), c.x, Object.keys(c));
vm.runInContext("Array.prototype.mine = 1; Object.prototype.polluted = 1", c);
console.log([].mine, {}.polluted, vm.runInContext("[].mine", c));
