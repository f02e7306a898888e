// What contexts do with and without the native helper: names, declarations, errors, functions, caches.
const vm = require("node:vm");
const util = require("node:util");

function show(label, run) {
  try {
    console.log(label, util.inspect(run(), { depth: 3 }));
  } catch (error) {
    console.log(label, "throws", error?.name, error?.message, error?.code);
  }
}
const stackOf = (run, lines) => {
  try {
    return run();
  } catch (error) {
    return error.stack.split("\n").slice(0, lines).join("|");
  }
};

const box = { x: 1, text: "a" };
const context = vm.createContext(box);
show("names", () => vm.runInContext("x += 1; var y = x * 2; z = text + y; [x, y, z, typeof nope]", context));
show("the object", () => ({ ...box }));
show("live from outside", () => {
  box.later = 5;
  return vm.runInContext("later", context);
});
show("live while it runs", () => {
  const seen = vm.createContext({ keys: () => Object.keys(seen) });
  return vm.runInContext("var q = 1; function f() {} keys()", seen);
});
show("a variable without a value", () => [vm.runInContext("var unset; typeof unset", context), "unset" in box]);
show("and in the next script", () => vm.runInContext("unset", context));
show("delete", () => [vm.runInContext("delete x; typeof x", context), "x" in box]);
show("delete of what is declared", () => vm.runInContext("var kept = 1; delete kept; kept", vm.createContext({})));
show("lexical", () => [vm.runInContext("let l = 1; const c = l + 1; class K {} [l, c, K.name]", context), "l" in box]);
show("in the next script", () => vm.runInContext("l++; [l, c, new K()]", context));
show("constant", () => vm.runInContext("c = 1", context));
show("declared twice", () => vm.runInContext("let l = 2", context));
show("pattern", () => vm.runInContext("const { a, b: [d = 4, ...e] = [] } = { a: 1, b: [, 2, 3] }; [a, d, e]", context));
show("named by variable", () =>
  vm.runInContext("const f = () => {}, g = class {}, h = function () {}; [f.name, g.name, h.name]", context),
);
show("strict", () => vm.runInContext("'use strict'; var s = 1; function t() { return s } t()", context));
show("undeclared in strict code", () => vm.runInContext("'use strict'; nowhere = 1", context));
show("this", () => vm.runInContext("[this === globalThis, (() => this === globalThis)()]", context));
show("own", () => vm.runInContext("[Object.hasOwn(this, 'text'), 'Array' in this, Object.keys(this).sort()]", context));
show("define", () => {
  vm.runInContext("Object.defineProperty(this, 'once', { value: 1, enumerable: false })", context);
  return Object.getOwnPropertyDescriptor(box, "once");
});
show("built-in replaced", () => {
  const own = vm.createContext({ Array: "mine" });
  const inside = vm.runInContext("const kind = typeof Array; Array = 'other'; [kind, Array]", own);
  return [inside, own.Array];
});
show("inherited", () => vm.runInContext("[inherited, 'inherited' in this]", vm.createContext(Object.create({ inherited: 1 }))));
show("frozen", () => vm.runInContext("x = 2; x", vm.createContext(Object.freeze({ x: 1 }))));
show("of the main global", () => vm.runInContext("typeof console.log", vm.createContext(globalThis)));
show("vanilla", () => {
  const global = vm.createContext(vm.constants.DONT_CONTEXTIFY);
  return [vm.runInContext("globalThis", global) === global, vm.runInContext("v = 1; Object.freeze(this); v", global), global.v];
});

const thrown = { thrown: true };
for (const code of ["throw it", "let n1 = (() => { throw it })()", "'use strict'; var n2 = (() => { throw it })()"]) {
  show("the very value", () => {
    try {
      vm.runInContext(code, vm.createContext({ it: thrown }));
    } catch (error) {
      return error === thrown;
    }
  });
}
show("stack", () => stackOf(() => vm.runInContext("\n\nnull.x", context, { filename: "given.js" }), 6));
show("stack of a step", () => stackOf(() => vm.runInContext("let st1 = 1;\nlet st2 = nothing;", context, "step.js"), 6));
show("stack of a function", () => {
  vm.runInContext("const thrower = () => {\n  throw new RangeError('inside');\n};", context, { filename: "thrower.js" });
  return stackOf(() => vm.runInContext("thrower()", context, { filename: "caller.js", lineOffset: 4 }), 7);
});
show("stack in the main context", () => stackOf(() => vm.runInThisContext("let main1 = (\n  () => { throw new Error('m') })()", "main.js"), 6));
show("syntax", () => vm.runInContext("let let = 1", context));

show("compileFunction", () => vm.compileFunction("return q + text + later", ["q"], { parsingContext: context })(40));
show("its source", () => vm.compileFunction("return 1", ["a", "b"]).toString());
show("extensions", () => vm.compileFunction("return e1 + e2", [], { contextExtensions: [{ e1: 1 }, { e2: 2 }] })());
show("no way out of the body", () => vm.compileFunction("}); (function () {", []));
show("kinds", () => {
  const values = vm.runInContext("[function* () {}, async () => {}, Promise.resolve(1), new Error('e'), /r/]", context);
  const { types } = util;
  return [types.isGeneratorFunction, types.isAsyncFunction, types.isPromise, types.isNativeError, types.isRegExp].map(
    (test, i) => test(values[i]),
  );
});
show("functions from strings", () => vm.runInContext("[new Function('return 1 + 1')(), (0, eval)('2 + 2')]", context));
show("none", () => vm.runInContext("eval('1')", vm.createContext({}, { codeGeneration: { strings: false } })));

const source = "(function named() { return 'cached' })";
const cachedData = new vm.Script(source).createCachedData();
show("cache", () => new vm.Script(source, { cachedData }).cachedDataRejected);
show("cache of another source", () => new vm.Script(`${source} `, { cachedData }).cachedDataRejected);
show("late", () => vm.runInContext("for (;;);", context, { timeout: 15 }));
show("late with a declaration", () => vm.runInContext("let n3 = 1; for (;;);", context, { timeout: 15 }));
show("the outer limit ends the inner script", () =>
  vm.runInNewContext("inner()", { inner: () => vm.runInNewContext("for (;;);", {}, { timeout: 10_000 }) }, { timeout: 30 }),
);
const importing = new vm.Script("import('node:path')", {
  importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
Promise.all([importing.runInThisContext(), importing.runInContext(context)]).then(([one, two]) => console.log("import", one === two));
