// A program that looks at itself: evaluation, previews, console events, breakpoints that nobody waits at, coverage.
const { Session } = require("node:inspector");
const vm = require("node:vm");

const session = new Session();
session.connect();
const ask = (method, params) => {
  let outcome;
  session.post(method, params, (error, result) => (outcome = error ? [error.code, error.message] : result));
  return outcome;
};
globalThis.touched = 0;
console.log(ask("Runtime.evaluate", { expression: "6 * 7" }));
console.log(ask("Runtime.evaluate", { expression: "touched = 1", throwOnSideEffect: true }).exceptionDetails.exception.className);
console.log(ask("Runtime.evaluate", { expression: "({ a: [1, 2], b: new Map([[1, 2]]) })", generatePreview: true }).result.preview);
console.log(ask("Runtime.evaluate", { expression: "for (;;);", timeout: 20 }));
console.log(ask("No.such", {}));
console.log(ask("Runtime.evaluate", { expression: 5 })[0]);
console.log(touched);

let contexts = 0;
session.on("Runtime.executionContextCreated", () => contexts++);
const told = [];
session.on("Runtime.consoleAPICalled", ({ params }) => told.push([params.type, params.args.map((arg) => arg.value)]));
ask("Runtime.enable");
const before = contexts;
const box = vm.createContext({});
console.log("contexts", contexts - before);
console.error("to both");
vm.runInContext("let hidden = 1; const other = 2; class Third {}", box);
console.log(told);
session.removeAllListeners("Runtime.executionContextCreated");
session.once("Runtime.executionContextCreated", ({ params }) => {
  vm.runInContext("let fresh = 1", last);
});
let last = vm.createContext({});
ask("Runtime.disable");

let pauses = 0;
session.on("Debugger.paused", ({ params }) => {
  pauses++;
  const [{ callFrameId, functionName }] = params.callFrames;
  const value = ask("Debugger.evaluateOnCallFrame", { callFrameId, expression: "inner + 1" });
  console.log("paused in", functionName, params.reason, value.result.value);
});
ask("Debugger.enable");
(function stops() {
  const inner = 41;
  debugger;
  return inner;
})();
ask("Debugger.disable");
console.log("pauses", pauses);

ask("Profiler.enable");
ask("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
const covered = vm.runInThisContext("(function covered(x) { return x ? 1 : 2 })", { filename: "covered.js" });
covered(true);
const { result } = ask("Profiler.takePreciseCoverage");
console.log(JSON.stringify(result.find(({ url }) => url === "covered.js").functions));
ask("Profiler.stopPreciseCoverage");

session.disconnect();
try {
  session.post("Runtime.enable");
} catch (error) {
  console.log(error.code);
}
