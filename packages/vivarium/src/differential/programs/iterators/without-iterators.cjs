// A program may take away what array patterns and spread go by; Node's library does not use it, nor does ours.
delete Object.getPrototypeOf([].values()).next;
delete Array.prototype[Symbol.iterator];
const fs = require("node:fs");
console.log("still here");
setTimeout(() => console.log("timer"), 1);
setImmediate(() => console.log("immediate"));
process.nextTick(() => console.log("tick"));
Promise.resolve().then(() => console.log("microtask"));
fs.readFile(__filename, (error, data) => console.log("file", error, data.length > 0));
const vm = require("node:vm");
console.log(vm.runInNewContext("1 + 1"), new vm.Script("2").runInThisContext());
try {
  vm.runInThisContext("let let", "bad.js");
} catch (error) {
  console.log(error.stack.split("\n")[0]);
}
import("./other.mjs").then((other) => console.log("module", other.default));
process.on("exit", (code) => console.log("exit", code));
