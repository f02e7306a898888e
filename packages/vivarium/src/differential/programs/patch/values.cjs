// What only V8 knows: the states of promises, what proxies stand for, what iterators have still to give.
const assert = require("node:assert");
const util = require("node:util");
const vm = require("node:vm");
const { Duplex } = require("node:stream");

class Derived extends Promise {}
const failed = Promise.reject(new RangeError("handled"));
failed.catch(() => {});
console.log(Promise.resolve({ a: [1] }), failed, new Promise(() => {}), Derived.resolve(1), [Promise.resolve()]);
console.log(Object.assign(Promise.resolve(1), { own: true }), (async () => 2)(), util.types.isPromise(Object.create(Promise.prototype)));

const { proxy, revoke } = Proxy.revocable({}, {});
revoke();
const seen = new Proxy({ a: 1 }, { get: () => "trapped" });
console.log(seen, util.inspect(seen, { showProxy: true }), util.inspect(proxy, { showProxy: true }), [util.types.isProxy(proxy)]);
console.log(util.inspect(new Proxy(function named() {}, {}), { showProxy: 1 }), Proxy.name, Object.getOwnPropertyNames(Proxy), `${Proxy}`);

const map = new Map([["a", 1], ["b", { x: [1] }], [["k", 2], null]]);
const set = new Set([1, "x", {}]);
const makers = [() => map.entries(), () => map.keys(), () => map.values(), () => set.values(), () => set.entries()];
for (const make of makers) {
  const whole = make();
  console.log(whole, Object.keys(whole), [...whole], whole);
  const begun = make();
  begun.next();
  console.log(begun, begun.next(), begun, Array.from(begun), begun.next(), `${begun}`);
  console.table(make());
}
console.log(new Map([[1, map.keys()]]), util.inspect(new Map(map.entries()), { depth: 0 }));

console.log(util.types.isExternal({}), util.types.isExternal(Object.create(null)), new Duplex().readableFlowing);

const internal = new Error("internal");
internal.stack = "Error: internal\n    at node:internal/x:1:1";
const exec = Object.getOwnPropertyDescriptor(RegExp.prototype, "exec");
Object.defineProperty(RegExp.prototype, "exec", { get: () => assert.fail("looked at"), configurable: true });
const colored = util.inspect(internal, { colors: true });
Object.defineProperty(RegExp.prototype, "exec", exec);
console.log(JSON.stringify(colored));

for (const source of ["let 1x;", "let a = 'abc", "a # b", "let let = 1;", "({ a: 1 b })"]) {
  try {
    vm.runInThisContext(source, "bad.js");
  } catch (error) {
    console.log(error.name, error.message, error.stack.split("\n").slice(0, 3));
  }
}

console.log(util.getCallSites(3).map(({ scriptName }) => scriptName.replace(/^.*\//, "")));
const { Buffer } = require("node:buffer");
// The deprecation warning is for code outside node_modules only; it comes once.
vm.runInNewContext("new Buffer(1)", { Buffer }, { filename: "/a/node_modules/inside.js" });
process.on("warning", (warning) => console.log(warning.name, warning.code));
setImmediate(() => {
  console.log("nothing yet");
  vm.runInNewContext("new Buffer(1)", { Buffer }, { filename: "/a/outside.js" });
});
