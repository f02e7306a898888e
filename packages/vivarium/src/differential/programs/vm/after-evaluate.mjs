// Contexts with microtasks of their own: they run before control goes back, under the script's time limit.
import vm from "node:vm";

const spin = (ms) => {
  const begun = Date.now();
  while (Date.now() - begun < ms) {}
};
const code = (run) => {
  try {
    return run();
  } catch (error) {
    return error.code ?? `${error}`;
  }
};

const order = [];
const options = { microtaskMode: "afterEvaluate" };
const context = vm.createContext({ order, spin }, options);
vm.runInContext("Promise.resolve(1).then((v) => order.push(v)).then(() => order.push(2)); order.push(0)", context);
console.log("chain", order.splice(0));
vm.runInContext(
  `Promise.reject(new Error("no")).catch((error) => order.push(error.message)).finally(() => order.push("finally"));
  Promise.resolve().then(() => { throw new TypeError("thrown"); }).then(null, (error) => order.push(error.name));`,
  context,
  { timeout: 1000 },
);
console.log("errors", order.splice(0));
console.log(vm.runInContext("let settle; const later = new Promise((done) => (settle = done)); later.then((v) => order.push(v)); 5", context));
console.log("pending", order.splice(0));
vm.runInContext("settle('late')", context);
await new Promise((done) => setImmediate(done));
console.log("settled", order.splice(0));

const program = [];
Promise.resolve().then(() => program.push("program"));
vm.runInContext("Promise.resolve().then(() => order.push('inner'))", context);
console.log("the program's wait", program.length, order.splice(0));

for (const source of [
  "Promise.resolve().then(() => { order.push('began'); spin(1e6); }).then(() => order.push('never'))",
  "Promise.resolve().then(() => order.push('never')); spin(1e6)",
]) {
  console.log(code(() => vm.runInContext(source, context, { timeout: 20 })), order.splice(0));
}
await new Promise((done) => setImmediate(done));
console.log("gone", order.splice(0), program);
vm.runInContext("Promise.resolve().then(() => order.push('again'))", context, { timeout: 1000 });
console.log(order.at(-1), order.length < 3);
