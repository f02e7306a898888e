// Modules of contexts with microtasks of their own, under time limits.
import vm from "node:vm";

const order = [];
const spin = (ms) => {
  const begun = Date.now();
  while (Date.now() - begun < ms) {}
};

for (const source of ["Promise.resolve().then(() => order.push('m'));", "spin(1e6)", "Promise.resolve().then(() => spin(1e6))"]) {
  const module = new vm.SourceTextModule(source, { context: vm.createContext({ order, spin }, { microtaskMode: "afterEvaluate" }) });
  await module.link(() => {});
  order.length = 0;
  const answer = await module.evaluate({ timeout: 20 }).catch((error) => error.code);
  console.log(answer, order.splice(0));
}

const module = new vm.SourceTextModule("spin(1e6)", { context: vm.createContext({ spin }) });
await module.link(() => {});
console.log(await module.evaluate({ timeout: 20 }).catch((error) => error.code), module.status);
