const vm = require("node:vm");
const util = require("node:util");

function show(label, run) {
  try {
    console.log(label, util.inspect(run(), { depth: 3 }));
  } catch (error) {
    console.log(label, "throws", error.name, error.message, error.code);
  }
}

const box = { x: 1, text: "a", nested: { y: 2 } };
const context = vm.createContext(box);
show("isContext", () => [vm.isContext(box), vm.isContext({})]);
show("reads and writes", () => vm.runInContext("x += 1; var y = x * 2; globalThis.z = text + y; [x, y, z]", context));
show("the object has them", () => ({ ...box }));
show("functions", () => vm.runInContext("function f() { return this === globalThis } f()", context));
show("declared function on the object", () => typeof box.f);
show("let stays inside", () => [vm.runInContext("let inner = 5; inner", context), "inner" in box]);
show("let of an earlier script", () => vm.runInContext("inner + 1", context));
show("delete", () => [vm.runInContext("delete globalThis.z", context), "z" in box]);
show("undeclared in strict code", () => vm.runInContext("'use strict'; nowhere = 1", context));
show("own intrinsics", () => [
  vm.runInContext("[]", context) instanceof Array,
  vm.runInContext("[] instanceof Array", context),
]);
show("other context's error", () => vm.runInContext("throw new TypeError('inside')", context));
show("syntax error", () => vm.runInContext("let let = 1", context));
show("typeof", () =>
  vm.runInContext("[typeof process, typeof require, typeof Buffer, typeof console, typeof setTimeout]", context),
);
show("keys", () => vm.runInContext("Object.keys(globalThis)", context));
show("in", () => vm.runInContext("['x' in globalThis, 'nope' in globalThis, Object.hasOwn(globalThis, 'x')]", context));
show("descriptor", () => vm.runInContext("Object.getOwnPropertyDescriptor(globalThis, 'x')", context));
show("define", () => {
  vm.runInContext("Object.defineProperty(globalThis, 'fixed', { value: 1, enumerable: false })", context);
  return Object.getOwnPropertyDescriptor(box, "fixed");
});
show("accessors", () => {
  let stored = 1;
  const accessor = vm.createContext({
    get value() {
      return stored;
    },
    set value(given) {
      stored = given * 2;
    },
  });
  return [vm.runInContext("value = 21; value", accessor), stored];
});
show("frozen", () => vm.runInContext("x = 2; x", vm.createContext(Object.freeze({ x: 1 }))));
show("indexed", () =>
  vm.runInContext("globalThis[0] = 'zero'; [globalThis[0], Object.keys(globalThis)]", vm.createContext({})),
);
show("new context", () => vm.runInNewContext("a + b", { a: 1, b: 2 }));
show("vanilla", () => {
  const global = vm.createContext(vm.constants.DONT_CONTEXTIFY);
  return [
    vm.runInContext("globalThis", global) === global,
    vm.runInContext("freeze = 1; freeze", global),
    global.freeze,
  ];
});
show("script in two contexts", () => {
  const script = new vm.Script("n = n + 1");
  const [one, two] = [{ n: 1 }, { n: 10 }];
  script.runInNewContext(one);
  script.runInContext(vm.createContext(two));
  return [one, two];
});
show("compileFunction", () => vm.compileFunction("return q + x", ["q"], { parsingContext: context })(40));
show("stack", () => {
  try {
    vm.runInContext("\n\nnull.x", context, { filename: "given.js" });
  } catch (error) {
    return error.stack.split("\n").slice(0, 6).join("|");
  }
});
vm.runInContext("Promise.resolve(7).then((value) => log('then', value))", vm.createContext({ log: console.log }));
