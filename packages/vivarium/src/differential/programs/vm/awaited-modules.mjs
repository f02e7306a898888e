// Who awaits the evaluation of a module in a context with microtasks of its own goes on when it is through.
import { inspect } from "node:util";
import vm from "node:vm";

const context = vm.createContext({ console }, { microtaskMode: "afterEvaluate" });
const module = async (source) => {
  const made = new vm.SourceTextModule(source, { context });
  await made.link(() => new vm.SyntheticModule(["x"], function () { this.setExport("x", 1); }, { context }));
  return made;
};

const plain = await module('import { x } from "x"; console.log("body", x); Promise.resolve().then(() => console.log("inner"));');
const evaluation = plain.evaluate();
console.log(evaluation instanceof Promise, plain.status);
console.log("awaited", await evaluation, inspect(evaluation));

const waiting = await module("await 1; await null; globalThis.done = true; export default 4;");
await waiting.evaluate();
console.log("waited", context.done, waiting.namespace.default);

const failing = await module('throw new RangeError("in the module")');
await failing.evaluate().catch((error) => console.log("caught", error.message));
console.log(failing.status, failing.error.message);
